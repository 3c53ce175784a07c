import type { Diagnosis } from '../contract/diagnosis.ts';
import type { Counter, CounterName, Overview } from '../contract/saga.ts';
import type { SagaSummary } from '../saga/input.ts';
import { stateOf } from '../saga/summary/row.ts';
import { clockOf, durationOf } from '../saga/words.ts';
import { MinuteBars } from './minute-bars.ts';

export interface Standing {
  readonly summary: SagaSummary;
  readonly diagnosis: Diagnosis | null;
}

/** How many sagas ended in a minute. */
export interface Ended {
  /** Minutes since 1970. */
  readonly minute: number;
  readonly outcome: string | null;
  readonly count: number;
}

type OpenName = Exclude<CounterName, 'cancelled' | 'confirmed'>;
const OPEN: readonly OpenName[] = ['stuck', 'person', 'moving', 'turningBack'];
const MINUTE_MS = 60_000;

interface Count {
  count: number;
  oldest: string | null;
}

/** The counters of the start page: how many stand where, now and in each of the last thirty minutes. */
export class Tally {
  readonly #bars = Object.fromEntries(OPEN.map((name) => [name, new MinuteBars()])) as Record<OpenName, MinuteBars>;
  readonly #placed = new MinuteBars();
  #counts = none();
  #now = 0;

  /** One more saga was begun. */
  placed(): void {
    this.#placed.add(1, this.#now);
  }

  look(sagas: readonly Standing[], now: number): void {
    this.#now = now;
    this.#counts = none();
    for (const { summary, diagnosis } of sagas) {
      for (const name of namesOf(summary, diagnosis)) {
        const counted = this.#counts[name];
        counted.count += 1;
        if (counted.oldest === null || summary.since < counted.oldest) counted.oldest = summary.since;
      }
    }
    for (const name of OPEN) this.#bars[name].set(this.#counts[name].count, now);
    this.#placed.add(0, now);
  }

  counters(ended: readonly Ended[]): Overview['counters'] {
    const open = Object.fromEntries(OPEN.map((name) => [name, this.#counter(name)])) as Record<OpenName, Counter>;
    return { ...open, cancelled: this.#ended(ended, 'cancelled'), confirmed: this.#ended(ended, 'confirmed') };
  }

  #counter(name: OpenName): Counter {
    return { count: this.#counts[name].count, bars: this.#bars[name].values(this.#now), note: this.#note(name) };
  }

  #note(name: OpenName): string {
    const { count, oldest } = this.#counts[name];
    if (name === 'moving') return `${perSecond(this.#placed.lastMinute(this.#now))} new a second`;
    if (count === 0 || oldest === null) return 'none';
    if (name === 'person') return `oldest since ${clockOf(oldest).slice(0, 5)}`;
    if (name === 'turningBack') return `oldest ${durationOf(this.#now - Date.parse(oldest))}`;
    const before = this.#bars.stuck.values(this.#now).at(-2) ?? 0;
    const more = count - before;
    return more === 0
      ? `oldest since ${clockOf(oldest).slice(0, 5)}`
      : `${more > 0 ? '+' : '−'}${Math.abs(more)} in the last minute`;
  }

  #ended(ended: readonly Ended[], outcome: 'cancelled' | 'confirmed'): Counter {
    const own = ended.filter((one) => one.outcome === outcome);
    const last = Math.floor(this.#now / MINUTE_MS);
    const bars = Array.from({ length: MinuteBars.LENGTH }, (_, at) => {
      const minute = last - MinuteBars.LENGTH + 1 + at;
      return own.reduce((sum, one) => sum + (one.minute === minute ? one.count : 0), 0);
    });
    return { count: own.reduce((sum, { count }) => sum + count, 0), bars, note: 'last hour' };
  }
}

function namesOf(summary: SagaSummary, diagnosis: Diagnosis | null): readonly OpenName[] {
  const back: readonly OpenName[] = summary.turningBack ? ['turningBack'] : [];
  switch (stateOf(summary, diagnosis)) {
    case 'stuck':
      return ['stuck', ...back];
    case 'attention':
      return ['person', ...back];
    case 'running':
      return ['moving', ...back];
    case 'done':
      return [];
  }
}

const none = (): Record<OpenName, Count> =>
  Object.fromEntries(OPEN.map((name) => [name, { count: 0, oldest: null }])) as unknown as Record<OpenName, Count>;

function perSecond(inAMinute: number): string {
  const rate = inAMinute / 60;
  return rate >= 10 || rate === 0 ? String(Math.round(rate)) : rate.toFixed(1);
}
