import { Link } from 'wouter';
import type { CounterName, Overview } from '../../../src/contract/saga.ts';
import { count, Mark, type MarkKind, Spark, withQuery } from '../parts/index.ts';
import type { Filters } from './filters.ts';

interface CounterLook {
  readonly name: CounterName;
  readonly title: string;
  readonly mark: MarkKind;
  readonly tone?: 'alarm' | 'caution' | 'live' | 'undo' | 'ok';
  readonly filters: Filters;
}

const COUNTERS: readonly CounterLook[] = [
  { name: 'stuck', title: 'Stuck', mark: 'overdue', tone: 'alarm', filters: { state: 'stuck' } },
  { name: 'person', title: 'Waits for a person', mark: 'person', tone: 'caution', filters: { state: 'attention' } },
  { name: 'moving', title: 'Moving', mark: 'running', tone: 'live', filters: { state: 'running' } },
  { name: 'turningBack', title: 'Turning back', mark: 'undo-running', tone: 'undo', filters: { back: '1' } },
  { name: 'cancelled', title: 'Cancelled', mark: 'undo-done', filters: { state: 'done', outcome: 'cancelled' } },
  { name: 'confirmed', title: 'Confirmed', mark: 'done', tone: 'ok', filters: { state: 'done', outcome: 'confirmed' } },
];
const NAMES = ['state', 'outcome', 'back'] as const;

/** How many sagas stand where, and the last half hour of each. A counter is a filter; chosen once more, it is taken away. */
export function Counters({
  overview,
  filters,
}: {
  readonly overview: Overview | undefined;
  readonly filters: Filters;
}) {
  const query = new URLSearchParams(location.search);
  return (
    <ul className="counters">
      {COUNTERS.map((look) => {
        const chosen = NAMES.every((name) => filters[name] === look.filters[name]);
        const change = Object.fromEntries(NAMES.map((name) => [name, chosen ? null : (look.filters[name] ?? null)]));
        const counter = overview?.counters[look.name];
        const alarming = look.name === 'stuck' && (counter?.count ?? 0) > 0;
        return (
          <li key={look.name}>
            <Link
              href={withQuery('/sagas', query, change)}
              className={`${look.name} ${alarming ? 'alarm' : ''}`}
              aria-current={chosen ? 'true' : undefined}
            >
              <span className="c-1">
                <Mark kind={look.mark} />
                {look.title}
              </span>
              <span className="c-2">
                <b className="num">{counter === undefined ? '–' : count(counter.count)}</b>
                <Spark values={counter?.bars ?? []} {...(look.tone && { tone: look.tone })} />
              </span>
              <span className="c-3">{counter?.note}</span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
