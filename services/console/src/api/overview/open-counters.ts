import type { Judged } from '../../board/judged.ts';
import type { Counter, CounterName } from '../../contract/saga.ts';
import { stateOf } from '../../saga/summary/row.ts';
import { clockOf, countOf, durationOf } from '../../saga/words.ts';
import { Level } from './levels.ts';

export type OpenName = Exclude<CounterName, 'cancelled' | 'confirmed'>;

const NAMES: readonly OpenName[] = ['stuck', 'person', 'moving', 'turningBack'];

interface Counted {
  count: number;
  /** Since when the oldest stands where it stands; milliseconds since 1970. */
  oldest: number | undefined;
}

/** How many open sagas stand where, now and in each of the last thirty minutes. In memory: the past begins with the process. */
export class OpenCounters {
  readonly #levels: Readonly<Record<OpenName, Level>> = each(() => new Level());
  #counted: Readonly<Record<OpenName, Counted>> = each(() => ({ count: 0, oldest: undefined }));
  #now = 0;

  /** Counts them. Call it once a second, also when nobody asks: bars have a past. */
  look(sagas: Iterable<Judged>, now: number): void {
    const counted: Record<OpenName, Counted> = each(() => ({ count: 0, oldest: undefined }));
    for (const { summary, diagnosis } of sagas) {
      const since = Date.parse(summary.since);
      for (const name of NAMES) {
        if (!isOne[name](summary, stateOf(summary, diagnosis))) continue;
        counted[name].count += 1;
        counted[name].oldest = Math.min(counted[name].oldest ?? since, since);
      }
    }
    this.#counted = counted;
    this.#now = now;
    for (const name of NAMES) this.#levels[name].is(counted[name].count, now);
  }

  count(name: OpenName): number {
    return this.#counted[name].count;
  }

  /** @param newPerSecond how many sagas a second begin */
  counters(newPerSecond: number): Readonly<Record<OpenName, Counter>> {
    const { stuck, person, turningBack } = this.#counted;
    const notes: Readonly<Record<OpenName, string>> = {
      stuck: changeNote(this.#levels.stuck.change) ?? sinceNote(stuck.oldest),
      person: sinceNote(person.oldest),
      moving: `${newPerSecond.toFixed(1).replace(/\.0$/, '')} new a second`,
      turningBack: turningBack.oldest === undefined ? 'none' : `oldest ${durationOf(this.#now - turningBack.oldest)}`,
    };
    return each((name) => ({ count: this.count(name), bars: this.#levels[name].bars, note: notes[name] }));
  }
}

const isOne: Readonly<Record<OpenName, (summary: Judged['summary'], state: string) => boolean>> = {
  stuck: (_summary, state) => state === 'stuck',
  person: (_summary, state) => state === 'attention',
  moving: (_summary, state) => state === 'running',
  turningBack: ({ turningBack }) => turningBack,
};

function each<Value>(make: (name: OpenName) => Value): Record<OpenName, Value> {
  return Object.fromEntries(NAMES.map((name) => [name, make(name)])) as Record<OpenName, Value>;
}

function changeNote(change: number | undefined): string | undefined {
  if (change === undefined || change === 0) return undefined;
  return `${change > 0 ? '+' : '−'}${countOf(Math.abs(change))} in the last minute`;
}

const sinceNote = (oldest: number | undefined): string =>
  oldest === undefined ? 'none' : `oldest since ${clockOf(oldest).slice(0, 5)}`;
