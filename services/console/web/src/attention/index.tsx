import { useQuery as useAnswer } from '@tanstack/react-query';
import type { AttentionGroup, AttentionView } from '../../../src/contract/work.ts';
import {
  count,
  Empty,
  Failed,
  Gaps,
  get,
  LinkButton,
  Loading,
  money,
  Segmented,
  useKeys,
  useLive,
  useQuery,
  useTitle,
} from '../parts/index.ts';
import { Audit } from './audit.tsx';
import { Group } from './group.tsx';
import { KINDS } from './kinds.ts';
import { sums } from './money.ts';
import './attention.css';

type Kind = AttentionGroup['kind'];
type Choice = Kind | 'all' | 'done';

/** What only a person can decide: each with its money, until when it decides itself, and its act. `?kind=refund` is one kind. */
export default function Attention() {
  useTitle('Attention');
  const [query, setQuery] = useQuery();
  const waiting = useLive('overview')?.nav.attention;
  const asked = useAnswer({
    // The figure beside the tab changes at once: then the list is asked for again.
    queryKey: ['attention', waiting],
    queryFn: ({ signal }) => get<AttentionView>('/api/attention', signal),
    refetchInterval: 3_000,
    placeholderData: (before) => before,
  });
  const view = asked.data;
  const groups = KINDS.flatMap(
    ({ kind: one }) => view?.groups.filter(({ kind, items }) => kind === one && items.length > 0) ?? [],
  );
  const wanted = query.get('kind');
  const kind: Choice = wanted === 'done' || KINDS.some(({ kind }) => kind === wanted) ? (wanted as Choice) : 'all';
  const shown = kind === 'all' ? groups : groups.filter((group) => group.kind === kind);
  useKeys('Attention', [
    { key: 'Escape', shown: ['Esc'], says: 'every kind', run: () => kind !== 'all' && setQuery({ kind: null }) },
  ]);
  return (
    <div className="attention">
      <header className="s-head">
        <h1>Attention</h1>
        {view && <Facts groups={groups} />}
        <span className="spacer" />
        {view && (
          <Segmented<Choice>
            name="Kind"
            options={[
              { value: 'all', label: 'All' },
              ...KINDS.filter(({ kind: one }) => one === kind || groups.some((group) => group.kind === one)).map(
                ({ kind: value, tab: label }) => ({ value, label }),
              ),
              { value: 'done', label: 'Who did what' },
            ]}
            value={kind}
            onChange={(value) => setQuery({ kind: value === 'all' ? null : value })}
          />
        )}
      </header>
      {view === undefined && asked.isError && <Failed error={asked.error} onRetry={() => void asked.refetch()} />}
      {view === undefined && !asked.isError && <Loading what="what waits for a person" lines={8} />}
      {view && <Gaps gaps={view.gaps} />}
      {view && (
        <div className="pane">
          {kind !== 'done' && shown.map((group) => <Group key={group.kind} group={group} />)}
          {kind !== 'done' && shown.length === 0 && <Nothing isAll={kind === 'all'} />}
          <Audit acts={view.acts} all={kind === 'done'} />
        </div>
      )}
    </div>
  );
}

function Facts({ groups }: { readonly groups: readonly AttentionGroup[] }) {
  const items = groups.flatMap((group) => group.items);
  return (
    <ul className="facts">
      <li>
        <b className="num">{count(items.length)}</b> {items.length === 1 ? 'waits' : 'wait'} for a person
      </li>
      {sums(items).map((sum) => (
        <li key={sum.currency}>{`${money(sum)} with them`}</li>
      ))}
    </ul>
  );
}

function Nothing({ isAll }: { readonly isAll: boolean }) {
  if (isAll)
    return (
      <Empty
        title="Nothing waits for a person"
        text="Approvals, refunds and cancellations that were refused, and sagas that cannot go on by themselves stand here. Try one: an order above the limit needs approval."
      >
        <LinkButton href="/try">Place one that needs approval</LinkButton>
      </Empty>
    );
  return (
    <Empty title="Nothing of this kind waits" text="It was decided, or it decided itself.">
      <LinkButton href="/attention">All kinds</LinkButton>
    </Empty>
  );
}
