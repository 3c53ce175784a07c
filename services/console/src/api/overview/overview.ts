import { get, type Route, type Sql } from '@troupe/chassis';
import type { Cause, Counter, CounterName, Overview } from '../../contract/saga.ts';
import { stateOf } from '../../saga/summary/row.ts';
import { clockOf, countOf, durationOf } from '../../saga/words.ts';
import type { RebuildProgress } from '../../store/projection-state.ts';
import { described } from '../described.ts';
import type { OpenSagas } from '../saga-list.ts';
import { EndedTally } from './ended-tally.ts';
import { Level } from './levels.ts';

export interface OverviewParts {
  readonly sql: Sql;
  readonly open: OpenSagas;
  causes(): readonly Cause[];
  /** What the numbers beside the names of the other pages are. */
  nav(): Overview['nav'];
  /** Sagas a second that have begun. */
  newPerSecond(): number;
  reading(): Omit<Overview['reading'], 'rebuilding'>;
  rebuild(): RebuildProgress | null;
  readonly now: () => number;
}

type LevelName = Exclude<CounterName, 'cancelled' | 'confirmed'>;

/** The counters and causes of the start page. It looks at the open sagas once a second, also when nobody asks: bars have a past. */
export class OverviewDesk {
  readonly #parts: OverviewParts;
  readonly #tally: EndedTally;
  readonly #levels: Readonly<Record<LevelName, Level>> = {
    stuck: new Level(),
    person: new Level(),
    moving: new Level(),
    turningBack: new Level(),
  };

  constructor(parts: OverviewParts) {
    this.#parts = parts;
    this.#tally = new EndedTally(parts.sql, parts.now);
  }

  /** Takes note of how many there are now; what is shown does not wait for it. */
  look(): OpenCounts {
    const now = this.#parts.now();
    const counts = countsOf(this.#parts.open);
    for (const name of LEVELS) this.#levels[name].is(counts[name].count, now);
    return counts;
  }

  async overview(): Promise<Overview> {
    const { causes, nav, newPerSecond, reading, now } = this.#parts;
    const at = now();
    const counts = this.look();
    const [cancelled, confirmed] = await Promise.all([this.#tally.of('cancelled'), this.#tally.of('confirmed')]);
    const level = (name: LevelName, note: string): Counter => ({
      count: counts[name].count,
      bars: this.#levels[name].bars,
      note,
    });
    return {
      now: new Date(at).toISOString(),
      counters: {
        stuck: level('stuck', changeOr(this.#levels.stuck.change, '') || sinceNote(counts.stuck.oldest)),
        person: level('person', sinceNote(counts.person.oldest)),
        moving: level('moving', `${newPerSecond().toFixed(1).replace(/\.0$/, '')} new a second`),
        turningBack: level('turningBack', ageNote(counts.turningBack.oldest, at)),
        cancelled: { ...cancelled, note: 'last hour' },
        confirmed: { ...confirmed, note: 'last hour' },
      },
      causes: causes(),
      nav: nav(),
      reading: { ...reading(), rebuilding: this.#rebuilding() },
    };
  }

  #rebuilding(): Overview['reading']['rebuilding'] {
    const rebuild = this.#parts.rebuild();
    if (rebuild === null) return null;
    const { startedAt, seenAt, done, of } = rebuild;
    const perMs = done / Math.max(1, seenAt - startedAt);
    return { done, of, secondsLeft: done === 0 ? null : Math.ceil(Math.max(0, of - done) / perMs / 1_000) };
  }
}

export const overviewRoute = (desk: OverviewDesk): Route<never> =>
  get('/api/overview', {
    summary:
      'How many sagas are stuck, wait for a person, move, turn back, were cancelled and confirmed; and the causes',
    response: described('Overview'),
    handle: async () => ({ status: 200, body: await desk.overview() }),
  });

interface Counted {
  readonly count: number;
  /** Since when the oldest stands where it stands; milliseconds since 1970. */
  readonly oldest: number | undefined;
}

type OpenCounts = Readonly<Record<LevelName, Counted>>;

const LEVELS: readonly LevelName[] = ['stuck', 'person', 'moving', 'turningBack'];

function countsOf(open: OpenSagas): OpenCounts {
  const counts = {
    stuck: { count: 0, oldest: undefined as number | undefined },
    person: { count: 0, oldest: undefined as number | undefined },
    moving: { count: 0, oldest: undefined as number | undefined },
    turningBack: { count: 0, oldest: undefined as number | undefined },
  };
  for (const { summary, diagnosis } of open.judged()) {
    const since = Date.parse(diagnosis?.since ?? summary.since);
    const add = (name: LevelName): void => {
      counts[name].count += 1;
      counts[name].oldest = Math.min(counts[name].oldest ?? since, since);
    };
    const state = stateOf(summary, diagnosis);
    if (state === 'stuck') add('stuck');
    else if (state === 'attention') add('person');
    else if (state === 'running') add('moving');
    if (summary.turningBack) add('turningBack');
  }
  return counts;
}

function changeOr(change: number | undefined, otherwise: string): string {
  if (change === undefined || change === 0) return otherwise;
  return `${change > 0 ? '+' : '−'}${countOf(Math.abs(change))} in the last minute`;
}

const sinceNote = (oldest: number | undefined): string =>
  oldest === undefined ? 'none' : `oldest since ${clockOf(oldest).slice(0, 5)} UTC`;

const ageNote = (oldest: number | undefined, now: number): string =>
  oldest === undefined ? 'none' : `oldest ${durationOf(now - oldest)}`;
