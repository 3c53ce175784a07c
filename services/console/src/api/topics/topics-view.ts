import type { Sql } from '@troupe/chassis';
import type { Choreography, MapEvent } from '@troupe/choreography';
import type { Asking } from '../../asking/asking.ts';
import { distance } from '../../asking/broker-watch.ts';
import type { GroupView, TopicsView, TopicView } from '../../contract/topics.ts';
import { lagOf } from '../services/services-view.ts';

export interface TopicsParts {
  readonly asking: Asking;
  readonly choreography: Choreography;
  readonly sql: Sql;
}

/** The topics that the map has, with their dead-letter topics, and the groups that read them. */
export async function topicsView(parts: TopicsParts): Promise<TopicsView> {
  const { asking, choreography, sql } = parts;
  const { topicPrefix: prefix } = asking;
  const pairs = choreography.services.flatMap(({ name, topic }): TopicName[] => [
    { name: `${prefix}${topic}`, topic, owner: name, kind: 'events' },
    { name: `${prefix}${name}.dlq`, topic: `${name}.dlq`, owner: name, kind: 'dead letters' },
  ]);
  const newest = await newestOf(
    sql,
    pairs.map(({ name }) => name),
  );
  const there = pairs.filter(({ name }) => asking.broker.topic(name).partitions.length > 0);
  return {
    topics: there.map((pair) => topicView(pair, parts, newest.get(pair.name) ?? null)),
    groups: asking.broker.groups.map((group) => groupView(group, asking)),
  };
}

interface TopicName {
  readonly name: string;
  /** Without the prefix of the environment. */
  readonly topic: string;
  readonly owner: string;
  readonly kind: TopicView['kind'];
}

function topicView(
  { name, topic, owner, kind }: TopicName,
  { asking, choreography }: TopicsParts,
  lastAt: string | null,
): TopicView {
  const { partitions, perSecond } = asking.broker.topic(name);
  const said = kind === 'events' ? choreography.events.filter((event) => event.topic === topic) : [];
  return {
    name,
    kind,
    owner,
    partitions,
    records: partitions.reduce((sum, { begin, end }) => sum + distance(begin, end), 0),
    perSecond,
    lastAt,
    events: said.map((event) => eventView(event, asking)),
  };
}

function eventView({ name, topic, fullName, heardBy }: MapEvent, { registry }: Asking): TopicView['events'][number] {
  return { name, versions: registry.versionsOf(`${topic}-${fullName}`), readers: heardBy };
}

function groupView({ id, state, members }: Asking['broker']['groups'][number], asking: Asking): GroupView {
  const topics = lagOf(id, [], asking).map(({ topic, behind }) => ({ topic, behind }));
  return { id, state, members, topics };
}

/** The newest record of each topic, by the index of topics and times. One statement. */
async function newestOf(sql: Sql, topics: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await sql.$queryRawUnsafe<{ topic: string; at: Date | null }[]>(
    `SELECT t.topic, (SELECT published_at FROM record WHERE record.topic = t.topic ORDER BY published_at DESC LIMIT 1) AS at
     FROM unnest($1::text[]) AS t(topic)`,
    topics,
  );
  return new Map(rows.flatMap(({ topic, at }) => (at === null ? [] : [[topic, at.toISOString()] as const])));
}
