import type { Environment } from '@troupe/chassis/internal';
import type { Faults } from './faults.ts';
import type { Incarnation } from './incarnation.ts';
import { Outage } from './outage.ts';
import { Random } from './random.ts';

interface Step {
  readonly incarnation: Incarnation;
  go(): void;
}
interface Timer extends Step {
  /** Computed again whenever the clock is about to move. Infinity while there is no reason to wake. */
  at(): number;
  over: boolean;
}

const BEGIN = Date.UTC(2026, 10, 25);
/** A run with more steps does not come to rest. */
const MAX_STEPS = 60_000;

/**
 * The deterministic scheduler, clock and source of ids of a run. The processes take their steps one after another, in an order
 * that the seed decides. The clock stands still while a step is ready; then it moves to the next timer.
 */
export class World {
  readonly faults: Faults;
  readonly outage = new Outage();
  /** By coverage point: how often the run reached it. */
  readonly seen = new Map<string, number>();
  /** Called before each step; true when the step is not taken now, because a fault has killed or stopped the process. */
  interrupt: (incarnation: Incarnation) => boolean = () => false;
  /** Called before the clock moves. Nothing happens until that moment. */
  beforeClockMoves: (until: number) => void = () => undefined;
  readonly #order: Random;
  readonly #ids: Random;
  readonly #jitter: Random;
  /** The chance that the next step is not the oldest one. */
  readonly #disorder: number;
  /** The chance that a process yields between two statements. */
  readonly #interleaving: number;
  #now = BEGIN;
  #made = 0;
  #ready: Step[] = [];
  #timers: Timer[] = [];
  #steps = 0;
  #halted = false;

  constructor(seed: number, faults: Faults) {
    this.faults = faults;
    this.#order = new Random(seed, 'order of steps');
    this.#ids = new Random(seed, 'ids');
    this.#jitter = new Random(seed, 'jitter');
    this.#disorder = this.#order.pick([0, 0.1, 0.5, 1]);
    this.#interleaving = this.#order.pick([0, 0.1, 0.5]);
  }

  get now(): number {
    return this.#now;
  }

  get steps(): number {
    return this.#steps;
  }

  note(coveragePoint: string): void {
    this.seen.set(coveragePoint, (this.seen.get(coveragePoint) ?? 0) + 1);
  }

  /** Ends the run early: an invariant is violated already. */
  halt(): void {
    this.#halted = true;
  }

  /** Makes `go` one of the ready steps. */
  soon(incarnation: Incarnation, go: () => void): void {
    this.#ready.push({ incarnation, go });
  }

  /** Others may take steps first here, or the process may end here. */
  yieldPoint(incarnation: Incarnation): Promise<void> {
    return new Promise((go) => this.soon(incarnation, go));
  }

  /** A yield point as often as this seed interleaves; undefined where it is none. */
  maybeYield(incarnation: Incarnation): Promise<void> | undefined {
    return this.#order.chance(this.#interleaving) ? this.yieldPoint(incarnation) : undefined;
  }

  after(incarnation: Incarnation, ms: number, go: () => void): () => void {
    const at = this.#now + ms;
    return this.whenever(incarnation, () => at, go);
  }

  /** Makes `go` a step at the moment that `at` gives. `at` is asked again whenever the clock moves. */
  whenever(incarnation: Incarnation, at: () => number, go: () => void): () => void {
    const timer: Timer = { incarnation, at, go, over: false };
    this.#timers.push(timer);
    return () => {
      timer.over = true;
    };
  }

  sleep(incarnation: Incarnation, ms: number): Promise<void> {
    return new Promise((go) => void this.after(incarnation, ms, go));
  }

  environment(incarnation: Incarnation): Environment {
    return {
      now: () => new Date(this.#now),
      uptimeMs: () => this.#now - BEGIN,
      random: () => this.#jitter.next(),
      newId: () => this.newId(),
      after: (ms, work) => this.after(incarnation, ms, work),
      turn: () => Promise.resolve(),
    };
  }

  /** A UUIDv7 of this moment, the same in every run of the seed. */
  newId(): string {
    this.#made += 1;
    const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0').slice(-digits);
    const time = hex(this.#now, 12);
    const random = hex(this.#ids.below(2 ** 24), 6);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(this.#made >>> 16, 3)}-8${random.slice(0, 3)}-${hex(this.#made, 9)}${random.slice(3)}`;
  }

  /** Runs until no step is ready and no timer is set, at most `most` steps. It also ends when the clock has moved and `isEnough`. */
  async run(most = Number.POSITIVE_INFINITY, isEnough = () => false): Promise<void> {
    for (let count = 0; count < most && !this.#halted; count += 1) {
      // The promises that the last step has settled run first: process.nextTick comes after them.
      await new Promise<void>(process.nextTick);
      const before = this.#now;
      if (!this.#step()) return;
      if (this.#now !== before && isEnough()) return;
    }
  }

  #step(): boolean {
    this.#steps += 1;
    if (this.#steps > MAX_STEPS) throw new Error(`The system does not come to rest within ${MAX_STEPS} steps.`);
    const next = this.#timeLeaps() ? this.#nextTimer() : (this.#nextReady() ?? this.#nextTimer());
    if (next === undefined) return false;
    if (!this.interrupt(next.incarnation)) next.go();
    else if (next.incarnation.alive) this.#ready.push(next);
    return true;
  }

  #timeLeaps(): boolean {
    if (this.#ready.length === 0) return true;
    if (!this.faults.inject('time leaps', () => 'a timer goes off before what is under way has arrived')) return false;
    this.note('time leapt');
    return true;
  }

  #nextReady(): Step | undefined {
    if (this.#ready.some(({ incarnation }) => !incarnation.alive))
      this.#ready = this.#ready.filter(({ incarnation }) => incarnation.alive);
    const able = this.#ready.some(({ incarnation }) => incarnation.stopped)
      ? this.#ready.filter(({ incarnation }) => !incarnation.stopped)
      : this.#ready;
    const next = able[this.#order.chance(this.#disorder) ? this.#order.below(able.length) : 0];
    if (next !== undefined) this.#ready.splice(this.#ready.indexOf(next), 1);
    return next;
  }

  #nextTimer(): Step | undefined {
    this.#timers = this.#timers.filter(({ incarnation, over }) => incarnation.alive && !over);
    let next: Timer | undefined;
    let soonest = Number.POSITIVE_INFINITY;
    for (const timer of this.#timers) {
      const at = timer.incarnation.stopped ? Number.POSITIVE_INFINITY : timer.at();
      if (at < soonest) [next, soonest] = [timer, at];
    }
    if (next === undefined) return undefined;
    const moment = Math.max(this.#now, Math.ceil(soonest));
    if (moment > this.#now) this.beforeClockMoves(moment);
    this.#now = moment;
    this.#timers.splice(this.#timers.indexOf(next), 1);
    return next;
  }
}
