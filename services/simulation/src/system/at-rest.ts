import { depthOf, type KafkaRecord } from '@troupe/chassis/internal';
import { EVENT_DEPTH_LIMIT, foreignProducerOf, isForeign, NEWER_PRODUCER } from '../broker/foreign-producers.ts';
import type { DatabaseServer } from '../database/server.ts';
import { isOpen } from '../database/tables.ts';
import type { SystemUnderTest } from './system-under-test.ts';

// The invariants of any service at rest, whatever its trade: a sentence for each violation.

/** No task, no open dead letter and no lock is left. */
export function atRest({ service, tables, locks }: DatabaseServer): string[] {
  const open = [...tables.deadLetters.values()].filter(isOpen);
  return [
    ...[...tables.tasks.values()].map(({ name, key }) => `${service} still has the task ${name} of ${key}`),
    ...open.map(
      ({ status, record }) => `${service} still has a dead letter: ${status}, ${record.topic}/${record.offset}`,
    ),
    ...(locks.size > 0 ? [`${locks.size} locks of ${service} are still held`] : []),
  ];
}

/** Services read the events of a newer producer: none became a dead letter because of its schema. */
export function refusedFromNewerProducer({ service, tables }: DatabaseServer): string[] {
  return tables.deadLetterOutbox
    .filter(({ record, code }) => foreignProducerOf(record) === NEWER_PRODUCER && /^(AVRO|SCHEMA)_/.test(code))
    .map(({ record, reason }) => `${service} refused ${record.headers.ce_type} of a newer producer: ${reason}`);
}

/** What lies too deep in the tree of causes is a dead letter before it is handled, and nothing else is taken for a loop. */
export function loops({ service, tables }: DatabaseServer, system: SystemUnderTest): string[] {
  const isTooDeep = ({ headers }: KafkaRecord): boolean => depthOf(headers.ce_depth) > EVENT_DEPTH_LIMIT;
  const setAside = new Set([...tables.letters.values()].map(({ record }) => record.headers.ce_id));
  const handled = system.broker.topics
    .flatMap((topic) => system.broker.records(topic))
    .filter((record) => isTooDeep(record) && tables.inbox.has(record.headers.ce_id ?? ''));
  const taken = tables.deadLetterOutbox.filter(({ code, record }) => code === 'EVENT_LOOP' && !isTooDeep(record));
  return [
    ...handled
      .filter(({ headers }) => !setAside.has(headers.ce_id))
      .map(({ headers }) => `${service} handled ${headers.ce_type} at the depth ${headers.ce_depth}`),
    ...taken.map(
      ({ record: { headers } }) => `${service} took ${headers.ce_type} for a loop, at the depth "${headers.ce_depth}"`,
    ),
  ];
}

/** A topic has all events of its outbox, each key in order, and nothing else but the records of foreign producers. */
export function published({ service, tables }: DatabaseServer, { broker }: SystemUnderTest): string[] {
  const topic = firstPositions(broker.records(`${service}.events`).filter((record) => !isForeign(record)));
  const kept = [...tables.outbox].sort((one, other) => one.position - other.position);
  const missing = kept.filter(({ id }) => !topic.has(id));
  const keys = [...new Set(kept.map(({ aggregateid }) => aggregateid))];
  const misplaced = keys.filter((key) => {
    const positions = kept.filter(({ aggregateid }) => aggregateid === key).map(({ id }) => topic.get(id) ?? -1);
    return positions.some((position, at) => at > 0 && position < (positions[at - 1] as number));
  });
  const ids = new Set(kept.map(({ id }) => id));
  const unknown = [...topic.keys()].filter((id) => !ids.has(id));
  const dead = new Set(broker.records(`${service}.dlq`).map(({ headers }) => deadName(headers)));
  const lost = tables.deadLetterOutbox.filter(
    ({ record: { topic: from, partition, offset }, attempts, position }) =>
      !dead.has(`${from}/${partition}/${offset} ${attempts}`) &&
      !tables.refusedRecords.has(`dead_letter_outbox ${position}`),
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

/** The first position of each id. */
export function firstPositions(records: readonly KafkaRecord[]): Map<string, number> {
  const positions = new Map<string, number>();
  for (const [position, { headers }] of records.entries()) {
    const id = headers.ce_id;
    if (id !== undefined && !positions.has(id)) positions.set(id, position);
  }
  return positions;
}

/** Every service that hears an event has handled it, or has settled its dead letter. */
export function received({ service, tables }: DatabaseServer, system: SystemUnderTest): string[] {
  const heard = system.hears(service);
  const discarded = new Set([...tables.deadLetters.values()].map(({ record }) => record.headers.ce_id));
  return system.broker.topics
    .flatMap((topic) => system.broker.records(topic))
    .filter(({ headers }) => heard.has(headers.ce_type ?? ''))
    .filter(({ headers: { ce_id: id = '' } }) => !tables.inbox.has(id) && !discarded.has(id))
    .map(({ headers, key }) => `${service} never handled ${headers.ce_type} of ${key}`);
}
