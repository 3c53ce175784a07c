import type { Incoming, Outcome } from '@troupe/chassis';
import type { Absence } from '../machine/absence.ts';
import { AFTERMATH_MS, LATE_MS } from '../machine/limits.ts';
import { type RowOf, type Wait, waitsOf } from './waits.ts';

/** A batch that a service has committed, in that moment. */
export interface Commit {
  readonly service: string;
  readonly batch: readonly Incoming[];
  readonly outcomes: readonly Outcome[];
  readonly rowOf: RowOf;
  /** When its transaction began. */
  readonly began: number;
  readonly now: number;
}

interface Kept extends Wait {
  readonly service: string;
  readonly key: string;
}

/**
 * Sees to it that everything happens in time: no timer takes effect before its moment, and none a bounded time after it has not
 * taken effect. Late is what still waits `LATE_MS` after its moment; where faults have struck, after they ended and so did
 * their consequences. What a service that is away has to do in time, nobody expects.
 */
export class Timekeeper {
  readonly wrongs: string[] = [];
  readonly #absence: Absence;
  /** Told at the first wrong: to go on would tell nothing more. */
  readonly #wronged: () => void;
  readonly #waits = new Map<string, Kept>();
  /** From which moment on everything has to be in time: undefined while faults strike. */
  #strictFrom: number | undefined;

  constructor(absence: Absence, wronged: () => void) {
    this.#absence = absence;
    this.#wronged = wronged;
  }

  /** Whether nothing waits any more that has to happen by itself. */
  get isIdle(): boolean {
    return this.#expected().length === 0;
  }

  /** No faults strike from now on, or whoever was away is back. */
  mended(now: number): void {
    this.#strictFrom = now + AFTERMATH_MS;
  }

  committed(commit: Commit): void {
    const { service, batch, outcomes, rowOf, began, now } = commit;
    for (const [at, message] of batch.entries())
      if (message.kind === 'timer' && outcomes[at]?.kind === 'applied') this.#notTooEarly(service, message, now);
    const keys = new Set(batch.flatMap((message) => ('key' in message ? [message.key] : [])));
    for (const key of keys) this.#keep({ service, key }, waitsOf(service, key, rowOf, { began, committed: now }));
  }

  /** The clock is about to move: until then everything stays as it is. */
  passes(until: number): void {
    if (this.#strictFrom === undefined) return;
    for (const [name, wait] of this.#expected()) {
      if (Math.max(wait.latest, this.#strictFrom) + LATE_MS < until) this.#late(name, wait, 'nothing happened in time');
    }
  }

  /** Nothing happens any more at all. */
  rests(): void {
    for (const [name, wait] of this.#expected()) this.#late(name, wait, 'nothing will ever happen');
  }

  #expected(): [string, Kept][] {
    return [...this.#waits].filter(([, { service }]) => !this.#absence.takesService(service));
  }

  #notTooEarly(service: string, { type, key }: { readonly type: string; readonly key: string }, now: number): void {
    const wait = this.#waits.get(`${service} ${key} ${type}`);
    const about = `${service}: ${type} of ${key} took effect`;
    if (wait === undefined) this.#wrong(`${about}, and nothing was known to wait for it`);
    else if (now < wait.earliest) this.#wrong(`${about} ${wait.earliest - now} ms too early: ${wait.what}`);
  }

  #keep({ service, key }: { readonly service: string; readonly key: string }, waits: readonly Wait[]): void {
    const place = `${service} ${key} `;
    const known = new Map([...this.#waits].filter(([name]) => name.startsWith(place)));
    for (const name of known.keys()) this.#waits.delete(name);
    for (const wait of waits) {
      const name = `${place}${wait.timer ?? 'in all'}`;
      const before = known.get(name);
      this.#waits.set(name, before !== undefined && before.of === wait.of ? before : { ...wait, service, key });
    }
  }

  #wrong(what: string): void {
    this.wrongs.push(what);
    this.#wronged();
  }

  #late(name: string, { service, key, what, latest }: Kept, lament: string): void {
    const { who } = this.#absence;
    const without = who === undefined ? '' : ` without ${who}`;
    this.#wrong(
      `${service}, of ${key}: ${what} since before ${new Date(latest).toISOString()}, and ${lament}${without}`,
    );
    this.#waits.delete(name);
  }
}
