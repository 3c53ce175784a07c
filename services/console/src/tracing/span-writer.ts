import type { Log, Sql } from '@troupe/chassis';
import { counter } from '@troupe/chassis/internal';
import type { Span } from './span.ts';
import { emptyHalf, type Half, halves, insertSpans } from './span-table.ts';

const written = counter({ name: 'troupe_console_spans_written_total', help: 'Spans that were taken and kept.' });
const dropped = counter({
  name: 'troupe_console_spans_dropped_total',
  help: 'Spans that came faster than the database takes them, and were dropped.',
});

export interface SpanWriterParts {
  readonly database: Sql;
  /** The older half goes when the newer has reached half of this age, or half of this number. */
  readonly retentionMs: number;
  readonly kept: number;
  readonly log: Log;
  /** Told which sagas the spans of a batch are of, when they are there. */
  readonly onWritten: (sagaIds: ReadonlySet<string>) => void;
}

/** Spans that wait for the database: a few seconds' worth at full load, 20 MB. */
const ROOM = 20_000;
const BATCH = 1_000;
/** What comes meanwhile shares a statement. */
const GATHER_MS = 250;
const AFTER_FAILURE_MS = 2_000;
const WARN_EVERY_MS = 60_000;

/**
 * Writes spans in batches, one statement after the other, on connections that the projection does not use. It never makes
 * anybody wait: spans for which there is no room are dropped and counted.
 */
export class SpanWriter {
  readonly #parts: SpanWriterParts;
  #waiting: Span[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #stopped = false;
  /** Undefined until it is known which half was written to last. */
  #half: { readonly number: Half; count: number; readonly sinceMs: number } | undefined;
  #quietUntil = 0;
  #droppedAt: number | undefined;

  constructor(parts: SpanWriterParts) {
    this.#parts = parts;
  }

  /** When spans were dropped last; undefined: never. */
  get droppedAt(): number | undefined {
    return this.#droppedAt;
  }

  /** Takes what there is room for, and returns how many it dropped. */
  push(spans: readonly Span[]): number {
    const wanted = spans.filter(isReachable);
    const taken = wanted.slice(0, Math.max(0, ROOM - this.#waiting.length));
    this.#waiting = this.#waiting.concat(taken);
    this.#writeIn(GATHER_MS);
    const lost = wanted.length - taken.length;
    if (lost > 0) this.#drop(lost);
    return lost;
  }

  /** Ends with the statement under way; what waits is dropped. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#writing;
  }

  #writeIn(ms: number): void {
    if (this.#stopped || this.#timer !== undefined || this.#writing !== undefined || this.#waiting.length === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#writing = this.#writeAll().then((nextMs) => {
        this.#writing = undefined;
        this.#writeIn(nextMs);
      });
    }, ms);
  }

  /** Never rejects: a database that is away is waited out. Returns in how many milliseconds to go on. */
  async #writeAll(): Promise<number> {
    try {
      while (this.#waiting.length > 0 && !this.#stopped) await this.#write();
      return GATHER_MS;
    } catch (error) {
      this.#warn(error);
      return AFTER_FAILURE_MS;
    }
  }

  async #write(): Promise<void> {
    const { database, onWritten } = this.#parts;
    const half = await this.#halfToWrite();
    const batch = this.#waiting.slice(0, BATCH);
    await insertSpans(database, half.number, batch);
    this.#waiting = this.#waiting.slice(batch.length);
    half.count += batch.length;
    written.inc(batch.length);
    onWritten(new Set(batch.flatMap(({ sagaId }) => sagaId ?? [])));
  }

  async #halfToWrite() {
    const { database, retentionMs, kept } = this.#parts;
    this.#half ??= newer(await halves(database));
    const { number, count, sinceMs } = this.#half;
    const isFull = count >= kept / 2 || (count > 0 && Date.now() - sinceMs > retentionMs / 2);
    if (!isFull) return this.#half;
    const other: Half = number === 0 ? 1 : 0;
    await emptyHalf(database, other);
    this.#half = { number: other, count: 0, sinceMs: Date.now() };
    return this.#half;
  }

  #drop(count: number): void {
    dropped.inc(count);
    this.#droppedAt = Date.now();
    this.#warn(new Error(`${ROOM} spans wait for the database already`));
  }

  #warn(error: unknown): void {
    const now = Date.now();
    if (now < this.#quietUntil) return;
    this.#quietUntil = now + WARN_EVERY_MS;
    this.#parts.log.warn({ err: error }, 'spans cannot be written as fast as they come; some may be dropped');
  }
}

/** Work that many sagas shared has a trace of its own, which leads to none of them: a third of all spans. */
const isReachable = ({ parentId, sagaId, kind }: Span): boolean =>
  parentId !== null || sagaId !== null || kind !== 'internal';

/** The half that was written to last. */
function newer([zero, one]: Awaited<ReturnType<typeof halves>>) {
  const number: Half = one !== undefined && one.count > 0 && one.sinceMs > (zero?.sinceMs ?? 0) ? 1 : 0;
  const { count = 0, sinceMs = 0 } = (number === 1 ? one : zero) ?? {};
  return { number, count, sinceMs: count > 0 ? sinceMs : Date.now() };
}
