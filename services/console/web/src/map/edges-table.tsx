import { Link } from 'wouter';
import type { EdgeView, MapView } from '../../../src/contract/services.ts';
import { Ago, count, rate, ServiceBadge, shortDurationOf, Table } from '../parts/index.ts';
import { edgeKey } from './layout/input.ts';
import { isBehind, KIND_WORDS } from './words.ts';

/** The same map without the drawing. */
export function EdgesTable(props: {
  readonly view: MapView;
  readonly withInforming: boolean;
  readonly selected: string | null;
  readonly hrefOf: (edge: EdgeView) => string;
}) {
  const { view, withInforming, selected, hrefOf } = props;
  const standing = (name: string) => view.services.find(({ service }) => service === name)?.standing;
  return (
    <Table
      name="Who says what to whom"
      rows={view.edges.filter(({ kind }) => withInforming || kind !== 'informs')}
      keyOf={edgeKey}
      selected={selected}
      columns={[
        {
          head: 'Event',
          cell: (edge) => (
            <Link className="ev" href={hrefOf(edge)}>
              {edge.event}
            </Link>
          ),
        },
        { head: 'From', cell: ({ from }) => <ServiceBadge name={from} /> },
        { head: 'To', cell: ({ to }) => <ServiceBadge name={to} /> },
        {
          head: 'Kind',
          cell: ({ kind }) => <span className={kind === 'back' ? 'undo-t' : 'tx2'}>{KIND_WORDS[kind]}</span>,
        },
        {
          head: 'A second',
          right: true,
          cell: ({ perSecond }) => <span className={quiet(perSecond)}>{rate(perSecond)}</span>,
        },
        { head: 'p50', right: true, cell: ({ p50Ms }) => (p50Ms === null ? '' : shortDurationOf(p50Ms)) },
        { head: 'p99', right: true, cell: ({ p99Ms }) => (p99Ms === null ? '' : shortDurationOf(p99Ms)) },
        {
          head: 'Behind',
          right: true,
          cell: (edge) => (
            <span className={isBehind(edge, standing(edge.to)) ? 'alarm-t' : quiet(edge.behind)}>
              {count(edge.behind)}
            </span>
          ),
        },
        {
          head: 'Dead letters',
          right: true,
          cell: ({ deadLetters, parked }) => (
            <span className={deadLetters > 0 ? 'alarm-t' : 'tx3'}>
              {parked > 0 ? `${count(deadLetters)}, ${count(parked)} parked` : count(deadLetters)}
            </span>
          ),
        },
        { head: 'Last', right: true, cell: ({ lastAt }) => (lastAt === null ? 'nothing yet' : <Ago at={lastAt} />) },
      ]}
    />
  );
}

/** A nought is no news. */
const quiet = (figure: number): string => (figure === 0 ? 'tx3' : '');
