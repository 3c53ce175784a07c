import { setTimeout as sleep } from 'node:timers/promises';
import type { Background, Log, Sql } from '@troupe/chassis';
import type { Readiness } from '@troupe/chassis/internal';
import type { SagaSummary } from '../saga/input.ts';
import { openSummaries } from '../store/ended-sagas.ts';
import { type ProjectionState, projectionState } from '../store/projection-state.ts';
import type { Changes } from './changes.ts';
import { OtherProcesses } from './other-processes.ts';

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
}

const LOOK_MS = 1_000;
/** Whatever was missed is mended by then. */
const AGAIN_MS = 300_000;

/**
 * Keeps the board up to date: all open sagas at the start and after a rebuild, from then on what each commit of this process
 * changes, and within a second what those of others do. It also knows how the projection stands, and says at `/readyz` when the
 * database does not answer.
 */
export class OpenSagasFeed implements Background {
  readonly #parts: FeedParts;
  readonly #others: OtherProcesses;
  readonly #stopping = new AbortController();
  #ended: Promise<void> | undefined;
  #state: ProjectionState = { generation: 0, rebuild: null };
  #resetAt = Number.NEGATIVE_INFINITY;
  /** What was committed while all are being read: the read may be from before. */
  #meanwhile: SagaSummary[] | undefined;

  constructor(parts: FeedParts) {
    this.#parts = parts;
    this.#others = new OtherProcesses(parts.sql, parts.changes);
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
    const { readiness, log } = this.#parts;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.#look();
        readiness.ok('store');
      } catch (error) {
        readiness.notOk('store', 'The database does not answer; trying again.');
        log.warn({ err: error }, 'how the projection stands cannot be read; trying again');
      }
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const { sql } = this.#parts;
    const state = await projectionState(sql);
    const isNew = state.generation !== this.#state.generation;
    const isDue = isNew || performance.now() - this.#resetAt > AGAIN_MS;
    if (isDue || !(await this.#others.look())) await this.#reset();
    this.#state = state;
  }

  async #reset(): Promise<void> {
    const { sql, target } = this.#parts;
    this.#meanwhile = [];
    try {
      await this.#others.begin();
      const open = await openSummaries(sql);
      target.reset(open);
      target.put(this.#meanwhile);
      this.#resetAt = performance.now();
    } finally {
      this.#meanwhile = undefined;
    }
  }
}
