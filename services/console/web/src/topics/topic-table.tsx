import { Link, useLocation } from 'wouter';
import type { TopicsView, TopicView } from '../../../src/contract/topics.ts';
import { Ago, count, Empty, LinkButton, rate, ServiceBadge, Table } from '../parts/index.ts';

/** Every topic: how much stands in it, how fast it grows, and how far its readers are. */
export function TopicTable({ view }: { readonly view: TopicsView }) {
  const [, navigate] = useLocation();
  if (view.topics.length === 0)
    return (
      <div className="pane">
        <Empty
          title="No topic yet"
          text="The broker has none of the topics that the reaction tables name. The services make them when they start."
        >
          <LinkButton href="/services">See whether they run</LinkButton>
        </Empty>
      </div>
    );
  return (
    <div className="pane">
      <Table
        name="Topics"
        rows={[...view.topics].sort((a, b) => rank(a) - rank(b))}
        keyOf={({ name }) => name}
        onOpen={(topic) => navigate(hrefOf(topic))}
        columns={[
          {
            head: 'Topic',
            cell: (topic) => (
              <Link className="mono tp-n" href={hrefOf(topic)}>
                {topic.name}
              </Link>
            ),
          },
          { head: 'Said by', wide: true, cell: ({ owner }) => <ServiceBadge name={owner} /> },
          {
            head: 'Holds',
            wide: true,
            cell: ({ kind, events }) => (kind === 'events' ? `${events.length} kinds of events` : 'dead letters'),
          },
          { head: 'Partitions', right: true, wide: true, cell: ({ partitions }) => count(partitions.length) },
          {
            head: 'Records',
            right: true,
            cell: ({ records, kind }) => (
              <span className={records === 0 ? 'tx3' : kind === 'dead letters' ? 'alarm-t' : ''}>{count(records)}</span>
            ),
          },
          {
            head: 'A second',
            right: true,
            cell: ({ perSecond }) => <span className={perSecond === 0 ? 'tx3' : ''}>{rate(perSecond)}</span>,
          },
          {
            head: 'Last',
            right: true,
            cell: ({ lastAt }) => (lastAt === null ? <span className="tx3">nothing yet</span> : <Ago at={lastAt} />),
          },
          { head: 'Read by, and how far behind', cell: (topic) => <Readers topic={topic} view={view} /> },
        ]}
      />
    </div>
  );
}

const hrefOf = ({ name }: TopicView): string => `/topics?topic=${encodeURIComponent(name)}`;
const rank = ({ kind }: TopicView): number => (kind === 'events' ? 0 : 1);

function Readers({ topic, view }: { readonly topic: TopicView; readonly view: TopicsView }) {
  const readers = view.groups.flatMap((group) =>
    group.topics.filter((read) => read.topic === topic.name).map(({ behind }) => ({ ...group, behind })),
  );
  if (readers.length === 0) return <span className="tx3">nobody</span>;
  return (
    <span className="tp-r">
      {readers.map(({ id, behind, members }) => (
        <span key={id}>
          {id} <span className={behind > 0 && members.length === 0 ? 'num alarm-t' : 'num tx3'}>{count(behind)}</span>
        </span>
      ))}
    </span>
  );
}
