import type { Environment } from '@troupe/chassis/internal';
import { Absence } from './absence.ts';
import type { Faults } from './faults.ts';
import { Random } from './random.ts';

/** One run of a process, from its start to its end. What it waits for when it is killed never happens. */
export class Life {
  readonly name: string;
  alive = true;
  /** Stopped without a word (SIGSTOP): everything that it waits for happens when it goes on. */
  stopped = false;
  constructor(name: string) {
    this.name = name;
  }
}

interface Step {
  readonly life: Life;
  go(): void;
}
interface Timer extends Step {
  /** Recomputed whenever the clock is about to move: Infinity while there is no reason to wake. */
  at(): number;
  over: boolean;
}

const BEGIN = Date.UTC(2026, 10, 25);
const TOO_LONG = 60_000;

/**
 * All that happens, one thing after another: each step of each process is taken when this says so, in an order that the seed
 * decides. The clock stands still while there is something to do, and then moves on to the next timer.
 */
export class World {
  readonly faults: Faults;
  readonly absence = new Absence();
  /** What was met on the way, by name. */
  readonly seen = new Map<string, number>();
  /** What may befall a process before its next step; true when the step is not taken now. */
  befall: (life: Life) => boolean = () => false;
  /** Told whenever the clock is about to move: until that moment nothing happens. */
  passes: (until: number) => void = () => undefined;
  readonly #order: Random;
  readonly #ids: Random;
  readonly #jitter: Random;
  /** How often a step is not the one that is next in line. */
  readonly #disorder: number;
  /** How often a process can be interrupted between two statements. */
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

  note(sighting: string): void {
    this.seen.set(sighting, (this.seen.get(sighting) ?? 0) + 1);
  }

  /** Nothing more happens: something is wrong already. */
  halt(): void {
    this.#halted = true;
  }

  /** Does it as one of the next steps. */
  soon(life: Life, go: () => void): void {
    this.#ready.push({ life, go });
  }

  /** A point at which others may go first, or the process may end. */
  point(life: Life): Promise<void> {
    return new Promise((go) => this.soon(life, go));
  }

  /** Such a point in some of the cases: as often as this seed interleaves. */
  maybe(life: Life): Promise<void> | undefined {
    return this.#order.chance(this.#interleaving) ? this.point(life) : undefined;
  }

  after(life: Life, ms: number, go: () => void): () => void {
    const at = this.#now + ms;
    return this.whenever(life, () => at, go);
  }

  /** Does it once the moment has come that `at` says; it is asked again whenever the clock moves. */
  whenever(life: Life, at: () => number, go: () => void): () => void {
    const timer: Timer = { life, at, go, over: false };
    this.#timers.push(timer);
    return () => {
      timer.over = true;
    };
  }

  sleep(life: Life, ms: number): Promise<void> {
    return new Promise((go) => void this.after(life, ms, go));
  }

  environment(life: Life): Environment {
    return {
      now: () => new Date(this.#now),
      uptimeMs: () => this.#now - BEGIN,
      random: () => this.#jitter.next(),
      newId: () => this.newId(),
      after: (ms, work) => this.after(life, ms, work),
      turn: () => Promise.resolve(),
    };
  }

  /** A UUIDv7 of this moment. */
  newId(): string {
    this.#made += 1;
    const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0').slice(-digits);
    const time = hex(this.#now, 12);
    const random = hex(this.#ids.below(2 ** 24), 6);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(this.#made >>> 16, 3)}-8${random.slice(0, 3)}-${hex(this.#made, 9)}${random.slice(3)}`;
  }

  /** Goes on until nothing is under way and no timer is set, or for so many steps, or until it is enough whenever time passes. */
  async run(most = Number.POSITIVE_INFINITY, isEnough = () => false): Promise<void> {
    for (let count = 0; count < most && !this.#halted; count += 1) {
      // Lets everything happen that follows from the last step without another one: this comes behind all promises.
      await new Promise<void>(process.nextTick);
      const before = this.#now;
      if (!this.#step()) return;
      if (this.#now !== before && isEnough()) return;
    }
  }

  #step(): boolean {
    this.#steps += 1;
    if (this.#steps > TOO_LONG) throw new Error('It never comes to rest: something causes something else for ever.');
    const next = this.#timeLeaps() ? this.#nextTimer() : (this.#nextReady() ?? this.#nextTimer());
    if (next === undefined) return false;
    if (!this.befall(next.life)) next.go();
    else if (next.life.alive) this.#ready.push(next);
    return true;
  }

  #timeLeaps(): boolean {
    if (this.#ready.length === 0) return true;
    if (!this.faults.strike('time leaps', () => 'a timer goes off before what is under way has arrived')) return false;
    this.note('time leapt');
    return true;
  }

  #nextReady(): Step | undefined {
    if (this.#ready.some(({ life }) => !life.alive)) this.#ready = this.#ready.filter(({ life }) => life.alive);
    const able = this.#ready.some(({ life }) => life.stopped)
      ? this.#ready.filter(({ life }) => !life.stopped)
      : this.#ready;
    const next = able[this.#order.chance(this.#disorder) ? this.#order.below(able.length) : 0];
    if (next !== undefined) this.#ready.splice(this.#ready.indexOf(next), 1);
    return next;
  }

  #nextTimer(): Step | undefined {
    this.#timers = this.#timers.filter(({ life, over }) => life.alive && !over);
    let next: Timer | undefined;
    let soonest = Number.POSITIVE_INFINITY;
    for (const timer of this.#timers) {
      const at = timer.life.stopped ? Number.POSITIVE_INFINITY : timer.at();
      if (at < soonest) [next, soonest] = [timer, at];
    }
    if (next === undefined) return undefined;
    const moment = Math.max(this.#now, Math.ceil(soonest));
    if (moment > this.#now) this.passes(moment);
    this.#now = moment;
    this.#timers.splice(this.#timers.indexOf(next), 1);
    return next;
  }
}
