import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '@opentelemetry/api';
import type { IncomingTask, Outcome } from '../incoming/incoming.ts';
import { fullJitter } from '../process/backoff.ts';
import { type Environment, realEnvironment } from '../process/environment.ts';
import { failpoint } from '../process/failpoint.ts';
import type { Readiness } from '../process/readiness.ts';
import { WakeablePause } from '../process/wakeable-pause.ts';
import type { Sql } from '../rules/database.ts';
import { shortReason } from '../rules/failure.ts';
import type { Refused } from '../rules/refused.ts';
import { type Store, sqlStore } from '../tables/store.ts';
import { LEASE_MS, MOST_CLAIMED, type NewTask, type TaskRow } from '../tables/tasks.ts';
import { type Log, logField } from '../telemetry/log.ts';
import { contextOf } from '../telemetry/trace-context.ts';
import type { CallCapacity, Calls } from './calls.ts';

interface TaskRunnerParts {
  readonly database: Sql;
  readonly calls: Pick<Calls, 'resting' | 'room' | 'isFull' | 'capacity' | 'mayTry' | 'waitsForAnswers' | 'perform'>;
  /** Takes an outcome into the next batch. */
  submit(task: IncomingTask): Promise<Outcome>;
  /** What the table's events call the id of their saga. */
  readonly sagaField: string;
  readonly readiness: Readiness;
  readonly log: Log;
  /** Default: PostgreSQL. */
  readonly store?: Store;
  /** Default: the real ones. */
  readonly environment?: Environment;
}

/** Calls and timers that this process works on at once: as many as one claim may bring. */
const AT_ONCE = MOST_CLAIMED;
/** While calls wait for a place, the table is looked at when so many are free: a look for each call would cost more than it. */
const WORTH_A_LOOK = 64;
/**
 * How often the table is looked at for what this process does not know to be due: timers set long ago, and what another
 * process left behind. So late may a long timer be; what is due sooner than this is waited for by itself.
 */
export const TASKS_POLL_MS = 5_000;
/** Capped low: a side that answers nobody has its circuit open, and this is for one call among those that are answered. */
const RETRY = { baseMs: 200, capMs: 5_000 } as const;
/** A look at the table that takes longer is told at `/readyz`, though it may still succeed. */
const SLOW_MS = 3_000;
const STOP_BOUND_MS = 5_000;

/**
 * Performs the pending calls and timers of the `task` table. A call that was just decided is started at once, without
 * a look at the table; the poll finds timers, retries, and what another process left behind when its lease ran out.
 *
 * At least once: a crash between the call and the commit of its outcome repeats the call, with the same idempotency
 * key. The outcome takes effect once, because its row is deleted in the same transaction.
 */
export class TaskRunner {
  readonly #parts: Required<TaskRunnerParts>;
  readonly #inFlight = new Map<string, Promise<void>>();
  readonly #stop = new AbortController();
  #polling: Promise<void> | undefined;
  readonly #pause: WakeablePause;
  readonly #sagaField: string;
  /** Whether calls are due that had no place, or may be: those of a participant without a free place are not looked for. */
  #leftWaiting = false;

  constructor(parts: TaskRunnerParts) {
    this.#parts = { store: sqlStore, environment: realEnvironment, ...parts };
    this.#sagaField = logField(parts.sagaField);
    this.#pause = new WakeablePause(this.#parts.environment);
  }

  /** The places that are free now, for the calls of one batch. */
  capacity(): CallCapacity {
    const ofParticipants = this.#parts.calls.capacity();
    let left = this.#free;
    return {
      take: (name) => {
        const taken = left > 0 && ofParticipants.take(name);
        if (taken) left -= 1;
        return taken;
      },
    };
  }

  /** Begins the calls that a committed batch leased for this process. */
  begin(tasks: readonly NewTask[]): void {
    for (const task of tasks) {
      if (task.leased) this.#work(task);
      else if (task.delayMs > 0) this.#lookIn(task.delayMs);
      else if (task.kind === 'call') this.#leftWaiting = true;
    }
  }

  /** Begins to look for due tasks. */
  start(): void {
    this.#polling ??= this.#loop();
  }

  /** Takes no new tasks, waits a little for those under way; what is left is repeated after its lease. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#pause.wake();
    await this.#polling;
    await Promise.race([Promise.all(this.#inFlight.values()), sleep(STOP_BOUND_MS, undefined, { ref: false })]);
  }

  async #loop(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const room = this.#room;
      const limit = this.#parts.calls.mayTry ? Math.min(1, room) : room;
      this.#leftWaiting = this.#parts.calls.isFull;
      this.#pause.lookBegins();
      const found = limit === 0 ? 0 : await this.#claimUpTo(limit);
      if (found === limit) this.#leftWaiting = true;
      if (found < limit || this.#room < WORTH_A_LOOK) await this.#pause.wait(TASKS_POLL_MS);
    }
  }

  get #free(): number {
    return this.#stop.signal.aborted ? 0 : Math.max(0, AT_ONCE - this.#inFlight.size);
  }

  /** How many tasks can be taken from the table, whichever they are. */
  get #room(): number {
    return Math.min(this.#free, this.#parts.calls.room);
  }

  async #claimUpTo(limit: number): Promise<number> {
    const { database, store, calls, readiness, environment, log } = this.#parts;
    const tellSlow = () => readiness.notOk('tasks', waiting(`no answer for ${SLOW_MS / 1000} s`));
    const answered = environment.after(SLOW_MS, tellSlow);
    try {
      const tasks = await store.claim(database, limit, calls.resting);
      readiness.ok('tasks');
      for (const task of tasks) this.#work(task);
      return tasks.length;
    } catch (error) {
      readiness.notOk('tasks', waiting(shortReason(error)));
      log.warn({ err: error }, 'cannot look for due calls and timers; trying again');
      return 0;
    } finally {
      answered();
    }
  }

  /** Looks at the table when this time is over, unless it is looked at before anyway. */
  #lookIn(ms: number): void {
    if (ms < TASKS_POLL_MS) this.#parts.environment.after(ms, () => this.#pause.wake());
  }

  #work(task: TaskRow): void {
    const done = this.#outcomeOf(task).finally(() => {
      this.#inFlight.delete(task.id);
      if (this.#leftWaiting && this.#room >= WORTH_A_LOOK) this.#pause.wake();
    });
    this.#inFlight.set(task.id, done);
  }

  async #outcomeOf(task: TaskRow): Promise<void> {
    try {
      if (task.kind === 'timer') {
        await this.#submit(task, task.data, contextOf(task.trace));
        return;
      }
      failpoint('before-call');
      const { outcome, refusal, context } = await this.#parts.calls.perform(task);
      if (refusal !== undefined) this.#tell(task, refusal);
      failpoint('after-call');
      await this.#submit(task, { request: task.data, outcome }, context);
    } catch (error) {
      await this.#giveBack(task, error);
    }
  }

  /** What cannot take effect comes again, and says why: until somebody mends the cause, or ends the call. */
  async #submit(task: TaskRow, data: unknown, parent: Context): Promise<void> {
    const outcome = await this.#parts.submit(incoming(task, data, parent));
    if (outcome.kind !== 'dead') return;
    const { database, store } = this.#parts;
    const error = `${outcome.code}: ${outcome.reason}`;
    await store.release(database, task, { delayMs: LEASE_MS, error }).catch(() => undefined);
  }

  /** With the attempt: behind one without an answer a refusal may be about what was done already. */
  #tell({ name, correlationId, attempts }: TaskRow, { status, code, detail }: Refused): void {
    const about = { call: name, [this.#sagaField]: correlationId, attempt: attempts, status, code, reason: detail };
    this.#parts.log.info(about, 'the outside refused a call for good');
  }

  async #giveBack(task: TaskRow, error: unknown): Promise<void> {
    const reason = shortReason(error);
    const waits = this.#parts.calls.waitsForAnswers(task.name, error);
    const { database, store, environment } = this.#parts;
    const delayMs = waits ? 0 : fullJitter(task.attempts, RETRY.baseMs, RETRY.capMs, environment.random);
    this.#parts.log[waits ? 'debug' : 'warn'](
      { call: task.name, [this.#sagaField]: task.correlationId, attempt: task.attempts, reason },
      'a call had no answer; it is repeated with the same idempotency key',
    );
    // When the database is away as well, the lease ends by itself.
    await store.release(database, task, { delayMs, error: reason }).catch(() => undefined);
    if (delayMs > 0) this.#lookIn(delayMs);
  }
}

const waiting = (reason: string): string =>
  `The database does not say which calls and timers are due (${reason}); waiting and trying again. Is PostgreSQL running?`;

function incoming(task: TaskRow, data: unknown, parent: Context): IncomingTask {
  return {
    kind: task.kind,
    id: task.id,
    type: task.name,
    key: task.key,
    data,
    causationId: task.causationId,
    depth: task.depth,
    correlationId: task.correlationId,
    parent,
  };
}
