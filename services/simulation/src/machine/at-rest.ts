import type { KafkaRecord } from '@troupe/chassis';
import type { DatabaseServer } from './database/server.ts';
import { isOpen } from './database/tables.ts';
import type { Processes } from './processes.ts';
import { AHEAD, isStrange, strangerOf } from './strangers.ts';

// What must hold of each service when nothing happens any more, whatever its trade. In sentences; none when all is well.

/** Nothing waits any more, and nothing is held. */
export function atRest({ service, tables, locks }: DatabaseServer): string[] {
  const open = [...tables.letters.values()].filter(isOpen);
  return [
    ...[...tables.tasks.values()].map(({ name, key }) => `${service} still has the task ${name} of ${key}`),
    ...open.map(({ status, record }) => `${service} still has a letter: ${status}, ${record.topic}/${record.offset}`),
    ...(locks.size > 0 ? [`${locks.size} locks of ${service} are still held`] : []),
  ];
}

/** A producer may be ahead of its readers: nothing that it writes is set aside because of its schema. */
export function refusedOfOneAhead({ service, tables }: DatabaseServer): string[] {
  return tables.deadLetterOutbox
    .filter(({ record, code }) => strangerOf(record) === AHEAD && /^(AVRO|SCHEMA)_/.test(code))
    .map(({ record, reason }) => `${service} refused ${record.headers.ce_type} of a newer producer: ${reason}`);
}

/** Everything in the outbox is on its topic, each key in its order; nothing else is, but for what strangers wrote. */
export function published({ service, tables }: DatabaseServer, { broker }: Processes): string[] {
  const topic = firsts(broker.records(`${service}.events`).filter((record) => !isStrange(record)));
  const kept = [...tables.outbox].sort((one, other) => one.position - other.position);
  const missing = kept.filter(({ id }) => !topic.has(id));
  const keys = [...new Set(kept.map(({ aggregateid }) => aggregateid))];
  const misplaced = keys.filter((key) => {
    const places = kept.filter(({ aggregateid }) => aggregateid === key).map(({ id }) => topic.get(id) ?? -1);
    return places.some((place, at) => at > 0 && place < (places[at - 1] as number));
  });
  const ids = new Set(kept.map(({ id }) => id));
  const unknown = [...topic.keys()].filter((id) => !ids.has(id));
  const dead = new Set(broker.records(`${service}.dlq`).map(({ headers }) => deadName(headers)));
  const lost = tables.deadLetterOutbox.filter(
    ({ record: { topic: from, partition, offset }, attempts, position }) =>
      !dead.has(`${from}/${partition}/${offset} ${attempts}`) && !tables.aside.has(`dead_letter_outbox ${position}`),
  );
  return [
    ...missing.map(({ type, aggregateid }) => `${type} of ${aggregateid} was never published`),
    ...misplaced.map((key) => `the events of ${service} about ${key} are not in their order`),
    ...unknown.map((id) => `${service}.events has ${id}, which is in no outbox`),
    ...lost.map(
      ({ record }) => `a dead letter of ${service} never reached its topic: ${record.topic}/${record.offset}`,
    ),
  ];
}

const deadName = (headers: KafkaRecord['headers']): string =>
  `${headers['x-original-topic']}/${headers['x-original-partition']}/${headers['x-original-offset']} ${headers['x-attempts']}`;

/** By id, where it was first. */
export function firsts(records: readonly KafkaRecord[]): Map<string, number> {
  const places = new Map<string, number>();
  for (const [place, { headers }] of records.entries()) {
    const id = headers.ce_id;
    if (id !== undefined && !places.has(id)) places.set(id, place);
  }
  return places;
}

/** Whatever is on a topic was handled by everybody who hears it, or was set aside and settled. */
export function received({ service, tables }: DatabaseServer, processes: Processes): string[] {
  const heard = processes.hears(service);
  const discarded = new Set([...tables.letters.values()].map(({ record }) => record.headers.ce_id));
  return processes.broker.topics
    .flatMap((topic) => processes.broker.records(topic))
    .filter(({ headers }) => heard.has(headers.ce_type ?? ''))
    .filter(({ headers: { ce_id: id = '' } }) => !tables.inbox.has(id) && !discarded.has(id))
    .map(({ headers, key }) => `${service} never handled ${headers.ce_type} of ${key}`);
}
