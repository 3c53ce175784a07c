import type { Rebuilding, SagaPage } from '../../../src/contract/saga.ts';
import { Button, count, Empty, FilterChip, figureOf, LinkButton, Progress, Trail, useQuery } from '../parts/index.ts';
import { type FilterName, type Filters, filterWords, NO_FILTERS } from './filters.ts';

const AHEAD = ['order', 'payment', 'inventory', 'shipping', 'order'].map(
  (service) => ({ service, state: 'expected' }) as const,
);

/** Nothing was ever ordered. */
export function NoSagaYet() {
  return (
    <Empty
      above={<Trail there={AHEAD} back={[]} />}
      title="No saga yet"
      text="Every order becomes one, and draws itself here while it happens."
      below={<code>npm run demo</code>}
    >
      <LinkButton look="primary big" href="/try">
        Place an order
      </LinkButton>
    </Empty>
  );
}

/** The filters leave nothing: which one to drop, and how many that brings. */
export function NothingMatches({ filters, page }: { readonly filters: Filters; readonly page: SagaPage }) {
  const [, change] = useQuery();
  const helpful = Object.entries(page.without)
    .filter(([name, many]) => many > 0 && name in filters)
    .sort(([, one], [, other]) => one - other) as [FilterName, number][];
  return (
    <Empty
      title={`No ${filterWords(filters)}`}
      text={
        helpful.length > 0
          ? helpful.map(([name, many]) => (
              <span key={name}>
                Without <FilterChip name={name} value={filters[name] ?? ''} /> there {many === 1 ? 'is' : 'are'}{' '}
                {count(many)}.{' '}
              </span>
            ))
          : 'No single filter is in the way: without any one of them there is nothing either.'
      }
    >
      {helpful.slice(0, 3).map(([name]) => (
        <Button key={name} onClick={() => change({ [name]: null })}>
          Drop {name}
        </Button>
      ))}
      <Button look="quiet" onClick={() => change(NO_FILTERS)}>
        Clear all
      </Button>
    </Empty>
  );
}

/** The console reads everything anew: the list would be wrong meanwhile. */
export function BeingRebuilt({ rebuilding }: { readonly rebuilding: Rebuilding }) {
  const { done, of, secondsLeft } = rebuilding;
  const percent = of === 0 ? 0 : Math.floor((done / of) * 100);
  return (
    <Empty
      title="Reading the topics from their beginning"
      text={
        <>
          <b className="num">{percent} %</b>, {count(done)} of {count(of)} events
          {secondsLeft !== null && `, about ${figureOf(secondsLeft * 1000)} left`}. Nothing is sent anywhere while it
          reads.
        </>
      }
      below={<Progress done={done} of={of} label={`${percent} percent of the events are read`} />}
    />
  );
}
