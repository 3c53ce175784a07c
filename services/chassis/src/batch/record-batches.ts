import type { KafkaRecord, RecordSink } from '../kafka/record.ts';
import { databaseFailure } from '../postgres/database-failure.ts';
import { fullJitter } from '../process/backoff.ts';
import { type Environment, pause, realEnvironment } from '../process/environment.ts';
import type { Readiness } from '../process/readiness.ts';
import { type Failure, Retryable, type Terminal } from '../rules/failure.ts';
import type { Log } from '../telemetry/log.ts';
import { histogram, SECONDS } from '../telemetry/metrics.ts';

const sizes = histogram({
  name: 'troupe_projection_batch_records',
  help: 'Records that shared a transaction of a projection.',
  buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
});
const durations = histogram({
  name: 'troupe_projection_seconds',
  help: 'From the begin of a batch of a projection to its commit.',
  buckets: SECONDS,
});

export interface RecordBatchesParts {
  /** Takes effect whole or not at all, and does no harm when it is repeated. Throws what the database threw. */
  project(records: readonly KafkaRecord[]): Promise<void>;
  /** Keeps of a record that it was there, and why no more: for one that `project` can never take. */
  projectReduced(record: KafkaRecord, failure: Terminal): Promise<void>;
  readonly readiness: Readiness;
  readonly log: Log;
  /** Default: the real ones. */
  readonly environment?: Environment;
}

const LIMITS = {
  /** Records in one transaction. */
  batch: 500,
  /** Waiting records above which the consumer stops fetching; and so many bytes of their values. */
  room: 2_000,
  roomBytes: 16 * 1_048_576,
  /** Records so few are committed before more are fetched: what comes meanwhile is one fetch and one batch, not several. */
  few: 32,
} as const;

interface Entry {
  readonly record: KafkaRecord;
  done(): void;
}

/**
 * Gathers what has arrived into batches, one transaction after the other: the sink of a service that only reads.
 *
 * A failure that can pass is waited out with backoff, in order, without limit, and said at `/readyz`. One that cannot is
 * narrowed down by halving the batch until the bad record stands alone; that one is projected reduced. No single record
 * holds up the others.
 */
export class RecordBatches implements RecordSink {
  readonly #parts: RecordBatchesParts;
  readonly #environment: Environment;
  #queue: Entry[] = [];
  #queuedBytes = 0;
  #running: Promise<void> | undefined;
  #wantRoom: (() => void)[] = [];
  #stopping = false;

  constructor(parts: RecordBatchesParts) {
    this.#parts = parts;
    this.#environment = parts.environment ?? realEnvironment;
  }

  push(records: readonly KafkaRecord[]): { readonly room: Promise<void>; readonly handled: Promise<void> } {
    const handled = new Promise<void>((resolve) => this.#enter(records, resolve));
    return { room: records.length > LIMITS.few ? this.#room() : handled, handled };
  }

  /** How many records wait, or are being projected. */
  get waiting(): number {
    return this.#queue.length;
  }

  /**
   * Ends when the attempt under way has ended. What was not projected by then never counts as handled, and is delivered
   * again to whoever is next. Safe to call twice.
   */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#running;
  }

  #enter(records: readonly KafkaRecord[], handled: () => void): void {
    if (records.length === 0) handled();
    let open = records.length;
    const done = (): void => {
      open -= 1;
      if (open === 0) handled();
    };
    for (const record of records) {
      this.#queue.push({ record, done });
      this.#queuedBytes += bytesOf(record);
    }
    if (!this.#stopping) this.#running ??= this.#run();
  }

  #isFull(): boolean {
    return this.#queue.length >= LIMITS.room || this.#queuedBytes >= LIMITS.roomBytes;
  }

  #room(): Promise<void> {
    if (!this.#isFull()) return Promise.resolve();
    return new Promise((resolve) => this.#wantRoom.push(resolve));
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0 && !this.#stopping) {
      // Lets everything that this turn brings share a transaction: the partitions of one fetch come one by one.
      await this.#environment.turn();
      const batch = this.#queue.slice(0, LIMITS.batch);
      await this.#settle(batch);
      if (this.#stopping) break;
      this.#queue = this.#queue.slice(batch.length);
      for (const { record } of batch) this.#queuedBytes -= bytesOf(record);
      if (!this.#isFull()) for (const go of this.#wantRoom.splice(0)) go();
    }
    this.#running = undefined;
  }

  /** Resolves when every entry is projected, in whichever form, or when it is to stop. Never rejects. */
  #settle(batch: readonly Entry[]): Promise<void> {
    const records = batch.map(({ record }) => record);
    return this.#waitedOut(
      batch,
      () => this.#parts.project(records),
      (failure) => this.#narrow(batch, failure),
    );
  }

  async #narrow(batch: readonly Entry[], failure: Terminal): Promise<void> {
    const [only, ...others] = batch;
    if (only === undefined) return;
    if (others.length > 0) {
      const half = Math.ceil(batch.length / 2);
      await this.#settle(batch.slice(0, half));
      await this.#settle(batch.slice(half));
      return;
    }
    const { topic, partition, offset } = only.record;
    this.#parts.log.error(
      { topic, partition, offset, code: failure.code, err: failure },
      'a record cannot be projected',
    );
    const reduced = () => this.#parts.projectReduced(only.record, failure);
    // Nothing of a record is in its reduced form: what refuses that refuses every record, and is waited for, and said.
    await this.#waitedOut(batch, reduced, undefined);
  }

  async #waitedOut(
    batch: readonly Entry[],
    project: () => Promise<void>,
    never: ((failure: Terminal) => Promise<void>) | undefined,
  ): Promise<void> {
    const { readiness } = this.#parts;
    const { uptimeMs, random } = this.#environment;
    for (let attempt = 1; !this.#stopping; attempt += 1) {
      const startedAt = uptimeMs();
      const failure = await project().then(() => undefined, databaseFailure);
      if (failure === undefined) {
        readiness.ok('database');
        sizes.observe(batch.length);
        durations.observe((uptimeMs() - startedAt) / 1_000);
        for (const { done } of batch) done();
        return;
      }
      if (never !== undefined && !(failure instanceof Retryable)) return never(failure);
      this.#notTaken(failure, attempt);
      await pause(this.#environment, fullJitter(attempt, 50, 2_000, random));
    }
  }

  #notTaken(failure: Failure, attempt: number): void {
    const { readiness, log } = this.#parts;
    readiness.notOk('database', `The database does not take the batch (${failure.code}); waiting and trying again.`);
    log.warn({ code: failure.code, attempt, err: failure }, 'the database does not take the batch; trying again');
  }
}

const bytesOf = ({ value }: KafkaRecord): number => value?.length ?? 0;
