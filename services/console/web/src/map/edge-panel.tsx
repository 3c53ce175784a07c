import { useQuery as useAnswer } from '@tanstack/react-query';
import type { EdgeDetail, EdgeView } from '../../../src/contract/services.ts';
import {
  count,
  Failed,
  get,
  Icon,
  LinkButton,
  Loading,
  type MarkKind,
  Panel,
  PanelPart,
  PanelSagas,
  rate,
  ServiceBadge,
  Strip,
  shortDurationOf,
} from '../parts/index.ts';
import { History } from './history.tsx';
import { Seams } from './seams.tsx';

/** One edge whole: what is declared, what passes, where it waits, and the sagas that stand here. */
export function EdgePanel(props: { readonly edge: EdgeView; readonly past: boolean; readonly onClose: () => void }) {
  const { edge, past, onClose } = props;
  const query = new URLSearchParams({ event: edge.event, to: edge.to });
  const asked = useAnswer({
    queryKey: ['map', 'edge', edge.event, edge.to],
    queryFn: ({ signal }) => get<EdgeDetail>(`/api/map/edge?${query}`, signal),
    refetchInterval: 2_000,
  });
  return (
    <Panel
      name="Selected edge"
      title={edge.event}
      mark={markOf(edge)}
      below={
        <>
          <ServiceBadge name={edge.from} />
          <span className="tx3" role="img" aria-label="to">
            →
          </span>
          <ServiceBadge name={edge.to} />
        </>
      }
      onClose={onClose}
    >
      {past && (
        <PanelPart title="Then">
          <p>
            {rate(edge.perSecond)} a second
            {edge.p99Ms !== null && `, 99 of 100 within ${shortDurationOf(edge.p99Ms)}`}. What follows is of now.
          </p>
        </PanelPart>
      )}
      {asked.isPending && <Loading what="the edge" />}
      {asked.isError && !asked.data && <Failed error={asked.error} onRetry={() => void asked.refetch()} />}
      {asked.data && <Detail detail={asked.data} />}
    </Panel>
  );
}

function markOf({ behind, deadLetters, kind }: EdgeView): { readonly kind: MarkKind; readonly label: string } {
  if (deadLetters > 0) return { kind: 'dead', label: 'with dead letters' };
  if (behind > 10) return { kind: 'overdue', label: 'behind' };
  if (kind === 'back') return { kind: 'undo-done', label: 'back' };
  if (kind === 'person') return { kind: 'person', label: 'waits for a person' };
  return { kind: 'done', label: 'there' };
}

function Detail({ detail }: { readonly detail: EdgeDetail }) {
  const { edge, partitions, here, history } = detail;
  const behind = partitions.reduce((sum, partition) => sum + partition.behind, 0);
  return (
    <>
      <Declared detail={detail} />
      <PanelPart title="In and handled" count="last 15 min">
        <History history={history} />
      </PanelPart>
      <PanelPart
        title="Behind, by partition"
        count={<span className={behind > 10 ? 'alarm-t' : ''}>{count(behind)}</span>}
      >
        <Partitions partitions={partitions} />
      </PanelPart>
      <Seams seams={detail.seams} />
      {edge.deadLetters > 0 && (
        <PanelPart title="Dead letters" count={count(edge.deadLetters)}>
          <Strip tone="alarm" mark="dead">
            {edge.to} has set {count(edge.deadLetters)} aside
            {edge.parked > 0 && `, and ${count(edge.parked)} are parked behind them`}.
          </Strip>
          <p className="p-more">
            <LinkButton href={`/dead-letters?service=${encodeURIComponent(edge.to)}`}>Open dead letters</LinkButton>
          </p>
        </PanelPart>
      )}
      <PanelPart title="Sagas that stand here" count={count(here.count)}>
        {here.count === 0 && <p className="tx2">None: what is said is answered.</p>}
        <PanelSagas sagas={here.first} />
        {here.count > 0 && (
          <p className="p-more">
            <LinkButton href={`/sagas?service=${encodeURIComponent(edge.to)}&state=stuck,running,attention`}>
              {`Show all ${count(here.count)}`}
            </LinkButton>
          </p>
        )}
      </PanelPart>
    </>
  );
}

function Declared({ detail: { edge, answers, withinMs, undoneBy, source } }: { readonly detail: EdgeDetail }) {
  return (
    <PanelPart title="Declared">
      <p>
        {answers.length === 0 ? (
          <>On hearing it, {edge.to} says nothing.</>
        ) : (
          <>
            On hearing it, {edge.to} answers with <OneOf events={answers} />
            {withinMs !== null && ` within ${shortDurationOf(withinMs)}`}.
          </>
        )}
        {undoneBy !== null && (
          <>
            {' '}
            It is undone by <b className="undo-t">{undoneBy}</b>.
          </>
        )}
      </p>
      {source !== null && (
        <p className="src">
          <Icon name="file" />
          <span className="mono">{source}</span>
        </p>
      )}
    </PanelPart>
  );
}

function OneOf({ events }: { readonly events: readonly string[] }) {
  return events.map((event, at) => (
    <span key={event}>
      {at > 0 && (at === events.length - 1 ? ' or ' : ', ')}
      <b>{event}</b>
    </span>
  ));
}

const WIDTH = 196;

function Partitions({ partitions }: { readonly partitions: EdgeDetail['partitions'] }) {
  const most = Math.max(1, ...partitions.map(({ behind }) => behind));
  return (
    <ul className="lagbars">
      {partitions.map(({ partition, behind }) => (
        <li key={partition}>
          <span className="num tx3">{partition}</span>
          <svg width={WIDTH} height="6" viewBox={`0 0 ${WIDTH} 6`} preserveAspectRatio="none" aria-hidden="true">
            <rect width={WIDTH} height="6" rx="1" className="pr-bg" />
            <rect width={(behind / most) * WIDTH} height="6" rx="1" className="lb" />
          </svg>
          <span className="num">{count(behind)}</span>
        </li>
      ))}
    </ul>
  );
}
