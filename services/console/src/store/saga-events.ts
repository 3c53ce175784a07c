import type { Sql } from '@troupe/chassis';
import type { Moment, SagaEvent } from '../contract/event.ts';
import { grouped } from './grouped.ts';

/** What the topics say of one saga. */
export interface SagaRecords {
  readonly orderId: string;
  /** Each once, oldest first as they were published. */
  readonly events: readonly SagaEvent[];
  /** Of all its records, dead letters included. */
  readonly bytes: number;
}

/** One statement, however many sagas. A saga without a record is left out. */
export async function recordsOfSagas(tx: Sql, orderIds: Iterable<string>): Promise<readonly SagaRecords[]> {
  const rows = await tx.$queryRawUnsafe<EventRow[]>(OF_SAGAS, [...orderIds]);
  return [...grouped(rows, ({ saga_id }) => saga_id)].map(([orderId, own]) => ({
    orderId,
    events: eventsOf(own.filter(({ is_event }) => is_event)),
    bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
  }));
}

/** The events of one saga. */
export async function eventsOfSaga(tx: Sql, orderId: string): Promise<readonly SagaEvent[]> {
  const [found] = await recordsOfSagas(tx, [orderId]);
  return found?.events ?? [];
}

interface EventRow {
  readonly saga_id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly published_at: Date;
  readonly is_event: boolean;
  readonly said_at: Date;
  readonly key: string | null;
  readonly type: string;
  readonly owner: string;
  readonly event_id: string;
  readonly causation_id: string | null;
  readonly trace_id: string | null;
  readonly depth: number;
  readonly schema_id: number;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: number;
}

/** The order is a record's place in time and in its topic, whoever read it when. */
const OF_SAGAS = `
  SELECT saga_id, topic, partition, "offset"::text, published_at, is_event, said_at, key, type, owner, event_id,
         causation_id, trace_id, depth, schema_id, payload, headers, bytes
  FROM record WHERE saga_id = ANY ($1::uuid[])
  ORDER BY published_at, topic COLLATE "C", partition, record."offset"`;

function eventsOf(rows: readonly EventRow[]): readonly SagaEvent[] {
  return [...grouped(rows, ({ event_id }) => event_id).values()].map(([first, ...again]) =>
    eventOf(first as EventRow, again),
  );
}

function eventOf(row: EventRow, again: readonly EventRow[]): SagaEvent {
  const { topic, partition, offset, key, depth, payload, headers } = row;
  return {
    id: row.event_id,
    type: row.type,
    fullName: headers.ce_type ?? row.type,
    service: row.owner,
    topic,
    partition,
    offset,
    key,
    at: momentOf(row.said_at),
    publishedAt: momentOf(row.published_at),
    causationId: row.causation_id,
    depth,
    traceId: row.trace_id,
    schemaId: row.schema_id,
    payload,
    headers,
    again: again.map((other) => ({
      topic: other.topic,
      partition: other.partition,
      offset: other.offset,
      publishedAt: momentOf(other.published_at),
    })),
  };
}

const momentOf = (date: Date): Moment => date.toISOString();
