import type { DeadLetters } from '../../dead-letters/dead-letters.ts';
import { realEnvironment } from '../../process/environment.ts';
import { failpoint } from '../../process/failpoint.ts';
import { WakeablePause } from '../../process/wakeable-pause.ts';
import type { Sql } from '../../rules/database.ts';
import {
  claimReplays,
  finishReplay,
  giveBack,
  type LeasedReplay,
  nextDeadLetters,
  outcomesOf,
  renewLease,
} from '../../tables/dead-letters/replay-work.ts';
import type { Log } from '../../telemetry/log.ts';
import { measureOpenDeadLetters, released, replayed } from './metrics.ts';
import { Pace } from './pace.ts';

export interface ReplayWorkerParts {
  readonly database: Sql;
  readonly deadLetters: DeadLetters;
  readonly log: Log;
  /** How late a replay may begin that another process took and lost, and a parked message that a crash left behind. */
  readonly pollMs?: number;
}

/** Replays that this process works off at once, each at its own pace: a slow one does not hold up an urgent one. */
const AT_ONCE = 8;
/** For what this process was not told of: by another process, or before a crash. */
export const DEAD_LETTERS_POLL_MS = 10_000;
/** With very many open dead letters a look costs the database a quarter of a second: it then comes less often, up to this. */
const LONGEST_POLL_MS = 20_000;
/** Of the time, at most so large a part goes into looking. */
const SHARE_OF_LOOKING = 1 / 20;

/**
 * Works off replays, and releases what was parked. A replay belongs to the process that holds its lease. What a message
 * came to is committed with its effect, so whoever takes over goes on where it was left, and nothing takes effect
 * twice.
 */
export class ReplayWorker {
  readonly #parts: ReplayWorkerParts;
  readonly #running = new Map<string, Promise<void>>();
  readonly #stop = new AbortController();
  readonly #pause = new WakeablePause(realEnvironment);
  #polling: Promise<void> | undefined;
  #releasing: Promise<void> = Promise.resolve();

  constructor(parts: ReplayWorkerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#polling ??= this.#poll();
  }

  /** There is a new replay, or something may have been released. */
  wake(): void {
    this.#pause.wake();
  }

  /** Takes nothing new; what is being handled is finished, and the rest of a replay is given back. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#pause.wake();
    await this.#polling;
    await Promise.all(this.#running.values());
  }

  async #poll(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#pause.lookBegins();
      const startedAt = performance.now();
      try {
        await this.#claim();
        await this.#release();
        await measureOpenDeadLetters(this.#parts.database);
      } catch (error) {
        this.#parts.log.warn({ err: error }, 'cannot look for replays and parked messages; trying again');
      }
      const wantedMs = (performance.now() - startedAt) / SHARE_OF_LOOKING;
      const pollMs = this.#parts.pollMs ?? DEAD_LETTERS_POLL_MS;
      await this.#pause.wait(Math.max(pollMs, Math.min(wantedMs, LONGEST_POLL_MS)));
    }
  }

  /** One after the other, so that no message is released twice at once. */
  #release(): Promise<void> {
    this.#releasing = this.#releasing.catch(() => undefined).then(() => this.#releaseNow());
    return this.#releasing;
  }

  async #releaseNow(): Promise<void> {
    const count = await this.#parts.deadLetters.release();
    released.inc(count);
    if (count > 0) this.#parts.log.info({ count }, 'released parked messages');
  }

  async #claim(): Promise<void> {
    const free = AT_ONCE - this.#running.size;
    const claimed = free === 0 ? [] : await claimReplays(this.#parts.database, free);
    for (const replay of claimed) {
      const done = this.#work(replay).finally(() => this.#running.delete(replay.id));
      this.#running.set(replay.id, done);
    }
  }

  /** Never rejects: what fails is logged, and comes again when the lease has run out. */
  async #work(claimed: LeasedReplay): Promise<void> {
    const { database, log } = this.#parts;
    const pace = new Pace(claimed.ratePerSecond);
    try {
      for (let replay: LeasedReplay | undefined = claimed; replay !== undefined; ) {
        if (this.#stop.signal.aborted) return await giveBack(database, replay);
        if (!(await this.#turn(replay, pace))) return;
        await pace.wait(this.#stop.signal);
        replay = await renewLease(database, replay);
      }
      log.info({ replay: claimed.id }, 'another process has taken the replay');
    } catch (error) {
      log.warn({ err: error, replay: claimed.id }, 'a replay was interrupted; it goes on when its lease has run out');
    }
  }

  /** Handles the next messages of a replay; false when there were none, and the replay is finished. */
  async #turn(replay: LeasedReplay, pace: Pace): Promise<boolean> {
    const { database, deadLetters, log } = this.#parts;
    const ids = await nextDeadLetters(database, replay.id, pace.turn);
    if (ids.length === 0) {
      await finishReplay(database, replay.id);
      log.info({ replay: replay.id }, 'a replay has finished');
      return false;
    }
    pace.begin(ids.length);
    failpoint('replay-claimed');
    await deadLetters.replay(ids);
    failpoint('replay-handled');
    const outcomes = await outcomesOf(database, replay.id, ids);
    if (outcomes.length === 0) throw new Error(`${ids.length} messages were replayed and came to nothing`);
    for (const { outcome, count } of outcomes) replayed.inc({ outcome }, count);
    await this.#release();
    return true;
  }
}
