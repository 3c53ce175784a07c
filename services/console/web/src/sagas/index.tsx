import { useCallback, useMemo, useState } from 'react';
import { Failed, Key, LinkButton, Loading, readable, useKeys, useQuery, useTitle } from '../parts/index.ts';
import { Counters } from './counters.tsx';
import { useOverview } from './data.ts';
import { FilterBar } from './filter-bar.tsx';
import { filtersOf, queryOf } from './filters.ts';
import { AllSagas, SagasByCause } from './lists.tsx';
import { BeingRebuilt } from './nothing.tsx';
import { SavedViews } from './saved-views.tsx';
import './sagas.css';

/** The start page: every saga, those that stand still first, one cause at a time. */
export default function Sagas() {
  useTitle('Sagas');
  const [query] = useQuery();
  const filters = useMemo(() => filtersOf(query), [query]);
  const flat = query.get('group') === 'flat';
  const view = flat ? withFlat(queryOf(filters)) : queryOf(filters);
  const text = readable(view);
  const { overview, error, retry } = useOverview();
  const [close, setClose] = useState(false);
  const [asked, setAsked] = useState(false);
  useKeys('Sagas', [{ key: 'l', shown: ['l'], says: 'live or held', run: () => setAsked((held) => !held) }]);
  const onClose = useCallback((closer: boolean) => setClose(closer), []);
  const rebuilding = overview?.reading.rebuilding ?? null;
  const list = { filters, overview, held: close || asked, onClose };
  const whole = flat || filters.cause !== undefined || ONE_SECTION.has(filters.state ?? '');
  return (
    <div className="sagas">
      <div className="s-head">
        <h1>Sagas</h1>
        <SavedViews query={text} />
        <span className="spacer" />
        {text !== '' && <span className="url mono wide-only">/sagas?{text}</span>}
        <span className="wide-only">
          <LinkButton icon="plus" href="/try">
            Place an order
          </LinkButton>
        </span>
      </div>
      <Counters overview={overview} filters={filters} />
      <section className="pane" aria-label="List of sagas">
        <FilterBar filters={filters} grouping={flat ? 'flat' : 'cause'} query={text} />
        {asked && <p className="held">Held: nothing moves until you press l or “show”.</p>}
        {rebuilding !== null ? (
          <BeingRebuilt rebuilding={rebuilding} />
        ) : error !== null ? (
          <Failed error={error} onRetry={retry} />
        ) : overview === undefined ? (
          <Loading what="the sagas" lines={9} />
        ) : whole ? (
          <AllSagas key={text} {...list} />
        ) : (
          <SagasByCause key={text} {...list} />
        )}
      </section>
      <footer className="key-foot">
        <KeyHint keys={['/']} says="search" />
        <KeyHint keys={['↑', '↓']} says="move" />
        <KeyHint keys={['Enter']} says="open" />
        <KeyHint keys={['f']} says="filter" />
        <KeyHint keys={['g']} says="group" />
        <KeyHint keys={['l']} says="live or held" />
        <KeyHint keys={['?']} says="all keys" />
      </footer>
    </div>
  );
}

/** States that make one long list: there is nothing to group. */
const ONE_SECTION: ReadonlySet<string> = new Set(['running', 'done']);

function withFlat(query: URLSearchParams): URLSearchParams {
  query.set('group', 'flat');
  return query;
}

const KeyHint = ({ keys, says }: { readonly keys: readonly string[]; readonly says: string }) => (
  <span>
    {keys.map((key) => (
      <Key key={key}>{key}</Key>
    ))}
    {says}
  </span>
);
