import type { Sql } from '../rules/database.ts';
import { Terminal } from '../rules/failure.ts';
import type { TraceHeaders } from '../telemetry/trace-context.ts';

/** One event on its way out; the columns are Debezium's, plus one for each further header. */
export interface OutboxRow {
  readonly id: string;
  readonly aggregatetype: string;
  readonly aggregateid: string;
  readonly type: string;
  readonly payload: Buffer;
  /** RFC 3339, UTC. */
  readonly time: string;
  readonly causationId: string;
  /** In the tree of causes; 1 is the first event of a saga. */
  readonly depth: number;
  readonly trace: TraceHeaders;
}

/** With its key and headers such a record is below what brokers take by default (1 MiB). */
const MAX_PAYLOAD_BYTES = 900_000;

/**
 * The payload, when a broker takes it. A larger one would hold up every event behind it, for ever, once it is in the outbox.
 *
 * @throws Terminal EVENT_TOO_LARGE
 */
export function notTooLarge(type: string, payload: Buffer): Buffer {
  if (payload.length <= MAX_PAYLOAD_BYTES) return payload;
  throw new Terminal(
    'EVENT_TOO_LARGE',
    `${type} would have ${payload.length} bytes, and a broker takes no more than ${MAX_PAYLOAD_BYTES}: ` +
      'put what is large somewhere else, and its address into the event.',
  );
}

/** Appends events in order; the relay publishes them after the commit. One statement. */
export async function append(tx: Sql, source: string, rows: readonly OutboxRow[]): Promise<void> {
  await tx.$executeRawUnsafe(
    `INSERT INTO chassis.outbox (id, aggregatetype, aggregateid, type, payload, ce_source, ce_time, ce_correlationid,
                         ce_causationid, ce_depth, traceparent, tracestate)
     SELECT id, aggregatetype, aggregateid, type, decode(payload, 'base64'), $1, time, aggregateid, causation, depth, parent, state
     FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[])
       WITH ORDINALITY AS o(id, aggregatetype, aggregateid, type, payload, time, causation, depth, parent, state, position)
     ORDER BY position`,
    source,
    rows.map((row) => row.id),
    rows.map((row) => row.aggregatetype),
    rows.map((row) => row.aggregateid),
    rows.map((row) => row.type),
    rows.map((row) => row.payload.toString('base64')),
    rows.map((row) => row.time),
    rows.map((row) => row.causationId),
    rows.map((row) => String(row.depth)),
    rows.map((row) => row.trace.traceparent ?? ''),
    rows.map((row) => row.trace.tracestate ?? ''),
  );
}
