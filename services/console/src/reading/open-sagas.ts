import { setTimeout as sleep } from 'node:timers/promises';
import type { Background, Log, Sql } from '@troupe/chassis';
import type { Readiness } from '@troupe/chassis/internal';
import type { SagaSummary } from '../saga/input.ts';
import { openSummaries } from '../store/ended-sagas.ts';
import { type ProjectionState, projectionState } from '../store/projection-state.ts';
import type { Changes } from './changes.ts';

/** Who keeps the open sagas in memory: the board. */
export interface OpenTarget {
  /** These are all there are. */
  reset(open: readonly SagaSummary[]): void;
  /** These have changed; one that is over is open no more. */
  put(changed: readonly SagaSummary[]): void;
}

interface FeedParts {
  readonly sql: Sql;
  readonly changes: Changes;
  readonly target: OpenTarget;
  readonly readiness: Readiness;
  readonly log: Log;
  /** Whether another process of this console reads some of the partitions. */
  readonly isShared: () => boolean;
  readonly now?: () => number;
  readonly lookMs?: number;
}

const LOOK_MS = 1_000;
/** What is in memory may be wrong for a reason that nobody has thought of: all is read again from time to time. */
const AGAIN_MS = 300_000;
/** What another process commits is not told here: while there is one, all is read again so often. */
const SHARED_MS = 5_000;

/**
 * Keeps the board up to date: all open sagas at the start and after a rebuild, and from then on what each commit changes.
 * It also knows how the projection stands, and says at `/readyz` when the database does not answer.
 */
export class OpenSagasFeed implements Background {
  readonly #parts: FeedParts;
  readonly #stopping = new AbortController();
  #ended: Promise<void> | undefined;
  #state: ProjectionState = { generation: 0, rebuild: null };
  #resetAt = Number.NEGATIVE_INFINITY;
  /** Since the last reset another process may have committed something. */
  #wasShared = false;
  /** What was committed while all are being read: the read may be from before. */
  #meanwhile: SagaSummary[] | undefined;

  constructor(parts: FeedParts) {
    this.#parts = parts;
    parts.changes.listen(({ sagas }) => {
      this.#meanwhile?.push(...sagas);
      parts.target.put(sagas);
    });
  }

  get state(): ProjectionState {
    return this.#state;
  }

  start(): void {
    this.#ended ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { readiness, log, lookMs = LOOK_MS } = this.#parts;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.#look();
        readiness.ok('store');
      } catch (error) {
        readiness.notOk('store', 'The database does not answer; trying again.');
        log.warn({ err: error }, 'how the projection stands cannot be read; trying again');
      }
      await sleep(lookMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const { sql, isShared, now = () => performance.now() } = this.#parts;
    const state = await projectionState(sql);
    const isNew = state.generation !== this.#state.generation;
    const shared = isShared();
    this.#wasShared ||= shared;
    if (isNew || now() - this.#resetAt > (this.#wasShared ? SHARED_MS : AGAIN_MS)) {
      const resetAt = now();
      await this.#reset();
      this.#resetAt = resetAt;
      // One that has left a moment ago may still have committed: this was the last read for it.
      this.#wasShared = shared;
    }
    this.#state = state;
  }

  async #reset(): Promise<void> {
    const { sql, target } = this.#parts;
    this.#meanwhile = [];
    try {
      const open = await openSummaries(sql);
      target.reset(open);
      target.put(this.#meanwhile);
    } finally {
      this.#meanwhile = undefined;
    }
  }
}
