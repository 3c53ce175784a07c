import type { Incoming, Outcome } from '@troupe/chassis/internal';
import { type RowOf, type Wait, waitsOf } from '../shop/waits.ts';
import type { Outage } from '../world/outage.ts';
import { RECOVERY_MS, TOLERANCE_MS } from './timing-limits.ts';

/** A batch at the moment of its commit. */
export interface Commit {
  readonly service: string;
  readonly batch: readonly Incoming[];
  readonly outcomes: readonly Outcome[];
  readonly rowOf: RowOf;
  /** When its transaction began. */
  readonly began: number;
  readonly now: number;
}

interface TrackedWait extends Wait {
  readonly service: string;
  readonly key: string;
}

/**
 * Checks that timers take effect in time: none before its moment, and none later than `TOLERANCE_MS` after it. After faults the
 * limit counts from the end of their consequences. Timers of a service that has an outage are not expected.
 */
export class TimingChecker {
  readonly violations: string[] = [];
  readonly #outage: Outage;
  /** Called at the first violation, so that the run can end. */
  readonly #onViolation: () => void;
  readonly #waits = new Map<string, TrackedWait>();
  /** The moment from which limits hold. Undefined while faults are injected. */
  #strictFrom: number | undefined;

  constructor(outage: Outage, onViolation: () => void) {
    this.#outage = outage;
    this.#onViolation = onViolation;
  }

  /** Whether no timer is expected. */
  get isIdle(): boolean {
    return this.#expected().length === 0;
  }

  /** Faults, or an outage, end now. */
  faultsEnded(now: number): void {
    this.#strictFrom = now + RECOVERY_MS;
  }

  committed(commit: Commit): void {
    const { service, batch, outcomes, rowOf, began, now } = commit;
    for (const [at, message] of batch.entries())
      if (message.kind === 'timer' && outcomes[at]?.kind === 'applied') this.#checkNotEarly(service, message, now);
    const keys = new Set(batch.flatMap((message) => ('key' in message ? [message.key] : [])));
    for (const key of keys) this.#track({ service, key }, waitsOf(service, key, rowOf, { began, committed: now }));
  }

  /** The clock is about to move to `until`. What is expected before that moment is late. */
  beforeClockMoves(until: number): void {
    if (this.#strictFrom === undefined) return;
    for (const [name, wait] of this.#expected()) {
      if (Math.max(wait.latest, this.#strictFrom) + TOLERANCE_MS < until)
        this.#reportLate(name, wait, 'nothing happened in time');
    }
  }

  /** The run is at rest: what is still expected will not happen. */
  checkAtRest(): void {
    for (const [name, wait] of this.#expected()) this.#reportLate(name, wait, 'nothing will ever happen');
  }

  #expected(): [string, TrackedWait][] {
    return [...this.#waits].filter(([, { service }]) => !this.#outage.stopsService(service));
  }

  #checkNotEarly(service: string, { type, key }: { readonly type: string; readonly key: string }, now: number): void {
    const wait = this.#waits.get(`${service} ${key} ${type}`);
    const about = `${service}: ${type} of ${key} took effect`;
    if (wait === undefined) this.#violation(`${about}, and nothing was known to wait for it`);
    else if (now < wait.earliest) this.#violation(`${about} ${wait.earliest - now} ms too early: ${wait.what}`);
  }

  #track({ service, key }: { readonly service: string; readonly key: string }, waits: readonly Wait[]): void {
    const place = `${service} ${key} `;
    const known = new Map([...this.#waits].filter(([name]) => name.startsWith(place)));
    for (const name of known.keys()) this.#waits.delete(name);
    for (const wait of waits) {
      const name = `${place}${wait.timer ?? 'in all'}`;
      const before = known.get(name);
      this.#waits.set(name, before !== undefined && before.of === wait.of ? before : { ...wait, service, key });
    }
  }

  #violation(what: string): void {
    this.violations.push(what);
    this.#onViolation();
  }

  #reportLate(name: string, { service, key, what, latest }: TrackedWait, problem: string): void {
    const { who } = this.#outage;
    const without = who === undefined ? '' : ` without ${who}`;
    this.#violation(
      `${service}, of ${key}: ${what} since before ${new Date(latest).toISOString()}, and ${problem}${without}`,
    );
    this.#waits.delete(name);
  }
}
