import type { GroupView } from '../../../src/contract/topics.ts';
import { count, Empty, LinkButton, Mark } from '../parts/index.ts';

/** Who reads: each consumer group with its members, what each of them has, and how far behind the group is. */
export function Groups({ groups }: { readonly groups: readonly GroupView[] }) {
  if (groups.length === 0)
    return (
      <div className="pane">
        <Empty title="No consumer group" text="Nobody reads any topic, or the broker does not answer.">
          <LinkButton href="/services">See how the broker stands</LinkButton>
        </Empty>
      </div>
    );
  return (
    <div className="pane">
      <ul className="gr-l">
        {groups.map((group) => (
          <Group key={group.id} group={group} />
        ))}
      </ul>
    </div>
  );
}

function Group({ group: { id, state, members, topics } }: { readonly group: GroupView }) {
  const away = members.length === 0;
  return (
    <li className="gr">
      <div className="gr-h">
        <Mark kind={away ? 'away' : 'done'} size={16} />
        <h2>{id}</h2>
        <span className={away ? 'alarm-t' : 'tx3'}>{away ? `${state}, no member` : state}</span>
      </div>
      <ul className="gr-t">
        {topics.map(({ topic, behind }) => (
          <li key={topic}>
            <span className="mono">{topic}</span>
            <span className={behind > 0 && away ? 'num alarm-t' : 'num'}>{`${count(behind)} behind`}</span>
          </li>
        ))}
      </ul>
      <ul className="gr-m">
        {members.map((member) => (
          <li key={member.id}>
            <span className="mono gr-id" title={member.id}>
              {member.id}
            </span>
            <span className="tx3">{member.host}</span>
            <span className="mono tx2">{byTopic(member.partitions)}</span>
          </li>
        ))}
      </ul>
    </li>
  );
}

/** `order.events 0 1 2, payment.events 0 1 2` */
function byTopic(partitions: readonly string[]): string {
  const topics = new Map<string, number[]>();
  for (const place of partitions) {
    const at = place.lastIndexOf('/');
    const topic = place.slice(0, at);
    topics.set(topic, [...(topics.get(topic) ?? []), Number(place.slice(at + 1))]);
  }
  return [...topics].map(([topic, own]) => `${topic} ${own.sort((a, b) => a - b).join(' ')}`).join(', ');
}
