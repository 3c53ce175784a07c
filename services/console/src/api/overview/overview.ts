import { get, type Route, type Sql } from '@troupe/chassis';
import type { Asking } from '../../asking/asking.ts';
import type { Board } from '../../board/board.ts';
import type { Overview, Rebuilding } from '../../contract/saga.ts';
import type { PartitionReach, ReadingMeter } from '../../reading/meter.ts';
import type { OpenSagasFeed } from '../../reading/open-sagas.ts';
import type { Facts } from '../../saga/input.ts';
import type { RebuildProgress } from '../../store/projection-state.ts';
import { described } from '../described.ts';
import { EndedTally } from './ended-tally.ts';
import type { OpenCounters } from './open-counters.ts';

export interface OverviewParts {
  readonly sql: Sql;
  readonly board: Pick<Board, 'causes' | 'newPerSecond'>;
  /** Has looked at the board, a second ago at most. */
  readonly counters: OpenCounters;
  readonly asking: Pick<Asking, 'facts' | 'broker' | 'ownGroup'>;
  readonly meter: ReadingMeter;
  readonly feed: Pick<OpenSagasFeed, 'state'>;
  readonly now: () => number;
}

/** The counters and causes of the start page, however many ask. */
export function overviewOf({ sql, board, counters, asking, meter, feed, now }: OverviewParts): () => Promise<Overview> {
  const tally = new EndedTally(sql, now);
  return async () => {
    const [cancelled, confirmed] = await Promise.all([tally.of('cancelled'), tally.of('confirmed')]);
    return {
      now: new Date(now()).toISOString(),
      counters: {
        ...counters.counters(board.newPerSecond()),
        cancelled: { ...cancelled, note: 'last hour' },
        confirmed: { ...confirmed, note: 'last hour' },
      },
      causes: board.causes(),
      nav: navOf(asking.facts(), counters.count('person')),
      reading: {
        behind: behindOf({ asking, meter }),
        newestAt: meter.newestAt,
        perSecond: meter.perSecond,
        rebuilding: rebuildingOf(feed.state.rebuild),
      },
    };
  };
}

export const overviewRoute = (overview: () => Promise<Overview>): Route<never> =>
  get('/api/overview', {
    summary:
      'How many sagas are stuck, wait for a person, move, turn back, were cancelled and confirmed; and the causes',
    response: described('Overview'),
    handle: async () => ({ status: 200, body: await overview() }),
  });

/** How many records lie between what the console has read and the ends of the topics. */
export function behindOf({ asking, meter }: Pick<OverviewParts, 'asking' | 'meter'>): number {
  const { broker, ownGroup } = asking;
  const committed = broker.group(ownGroup)?.committed ?? {};
  const partitions = broker.topicNames.flatMap((topic) =>
    broker.topic(topic).partitions.map(
      ({ partition, end }): PartitionReach => ({
        topic,
        partition,
        end,
        committed: committed[`${topic}/${partition}`],
      }),
    ),
  );
  return meter.behind(partitions);
}

function navOf({ services }: Facts, persons: number): Overview['nav'] {
  const all = Object.values(services);
  const open = all.flatMap(({ setAside }) => setAside.filter(({ status }) => status !== 'PARKED'));
  return {
    deadLetters: open.length,
    attention: persons + all.reduce((sum, { refused }) => sum + refused.length, 0),
    services: all.filter(({ standing }) => standing !== 'ready').length,
  };
}

function rebuildingOf(rebuild: RebuildProgress | null): Rebuilding | null {
  if (rebuild === null) return null;
  const { startedAt, seenAt, done, of } = rebuild;
  const perMs = done / Math.max(1, seenAt - startedAt);
  return { done, of, secondsLeft: done === 0 ? null : Math.ceil(Math.max(0, of - done) / perMs / 1_000) };
}
