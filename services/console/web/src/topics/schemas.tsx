import { Link } from 'wouter';
import type { TopicView } from '../../../src/contract/topics.ts';
import { Empty, LinkButton, ServiceBadge, Table, Tag } from '../parts/index.ts';

type Event = TopicView['events'][number] & { readonly topic: string };

/** Every event with the versions of its schema, and who reads it: each reader can read each version. */
export function Schemas({ topics }: { readonly topics: readonly TopicView[] }) {
  const events: Event[] = topics.flatMap(({ name, events: own }) => own.map((event) => ({ ...event, topic: name })));
  if (events.length === 0)
    return (
      <div className="pane">
        <Empty
          title="No schema is known"
          text="The registry has none of the events of the reaction tables, or does not answer."
        >
          <LinkButton href="/services">See how the registry stands</LinkButton>
        </Empty>
      </div>
    );
  return (
    <div className="pane">
      <Table
        name="Schemas"
        rows={events}
        keyOf={({ topic, name }) => `${topic}/${name}`}
        columns={[
          {
            head: 'Event',
            cell: ({ topic, name }) => (
              <Link
                className="tp-n"
                href={`/topics?topic=${encodeURIComponent(topic)}&type=${encodeURIComponent(name)}`}
              >
                {name}
              </Link>
            ),
          },
          { head: 'Topic', cell: ({ topic }) => <span className="mono tx2">{topic}</span> },
          {
            head: 'Versions, with the id in each record',
            cell: ({ versions }) => (
              <span className="tp-r">
                {versions.length === 0 && <span className="tx3">not registered</span>}
                {versions.map(({ version, id }) => (
                  <Tag key={id}>{`v${version} · id ${id}`}</Tag>
                ))}
              </span>
            ),
          },
          {
            head: 'Read by',
            cell: ({ readers }) => (
              <span className="tp-r">
                {readers.length === 0 && <span className="tx3">nobody: it is final</span>}
                {readers.map((reader) => (
                  <ServiceBadge key={reader} name={reader} />
                ))}
              </span>
            ),
          },
        ]}
      />
    </div>
  );
}
