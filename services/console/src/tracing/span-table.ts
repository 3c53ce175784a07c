import type { Sql } from '@troupe/chassis';
import { SPAN_KINDS, type Span, type SpanKind } from './span.ts';

/** Which of the two halves of the table is written to. */
export type Half = 0 | 1;

/** A record that is sent, and one that is handled. */
const MESSAGE_KINDS = (['producer', 'consumer'] as const).map((kind) => SPAN_KINDS.indexOf(kind)).join();

/** More of one saga tells a person nothing. */
const MOST_OF_A_SAGA = 2_000;

const INSERT = `
  INSERT INTO span (half, trace_id, span_id, parent_id, saga_id, event_id, service, name, kind, start_us, duration_us, failed, attributes)
  SELECT $1::smallint, *
    FROM unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::smallint[], $10::bigint[],
                $11::bigint[], $12::boolean[], $13::text[])
      ON CONFLICT DO NOTHING`;

/** One statement, however many they are. A span that was sent twice is kept once. */
export async function insertSpans(database: Sql, half: Half, spans: readonly Span[]): Promise<void> {
  const column = <T>(of: (span: Span) => T): T[] => spans.map(of);
  await database.$executeRawUnsafe(
    INSERT,
    half,
    column(({ traceId }) => traceId),
    column(({ spanId }) => spanId),
    column(({ parentId }) => parentId),
    column(({ sagaId }) => sagaId),
    column(({ eventId }) => eventId),
    column(({ service }) => service),
    column(({ name }) => name),
    column(({ kind }) => SPAN_KINDS.indexOf(kind)),
    column(({ startUs }) => startUs),
    column(({ durationUs }) => durationUs),
    column(({ failed }) => failed),
    column(({ attributes }) => JSON.stringify(attributes)),
  );
}

export async function emptyHalf(database: Sql, half: Half): Promise<void> {
  await database.$executeRawUnsafe(`TRUNCATE span_${half}`);
}

/** How many spans each half holds, and since when; the time is null of an empty one. */
export async function halves(database: Sql): Promise<readonly { readonly count: number; readonly sinceMs: number }[]> {
  const rows = await database.$queryRawUnsafe<{ count: bigint; since: bigint | null }[]>(`
    SELECT count(*) AS count, min(start_us) AS since FROM span_0
    UNION ALL
    SELECT count(*) AS count, min(start_us) AS since FROM span_1`);
  return rows.map(({ count, since }) => ({ count: Number(count), sinceMs: Number(since ?? 0) / 1000 }));
}

/** The traces of a saga, oldest span first: its own spans, and those around them that are of no other saga. */
export async function spansOfSaga(database: Sql, sagaId: string): Promise<readonly Span[]> {
  const rows = await database.$queryRawUnsafe<SpanRow[]>(
    `SELECT * FROM span
      WHERE trace_id IN (SELECT trace_id FROM span WHERE saga_id = $1::uuid) AND (saga_id = $1::uuid OR saga_id IS NULL)
      ORDER BY start_us, duration_us DESC LIMIT ${MOST_OF_A_SAGA}`,
    sagaId,
  );
  return rows.map(spanOf);
}

/** What sent and what handled the messages of a saga, oldest first. One statement, whatever their number. */
export async function messageSpans(database: Sql, sagaId: string): Promise<readonly Span[]> {
  const rows = await database.$queryRawUnsafe<SpanRow[]>(
    `SELECT * FROM span WHERE saga_id = $1::uuid AND kind IN (${MESSAGE_KINDS})
      ORDER BY start_us LIMIT ${MOST_OF_A_SAGA}`,
    sagaId,
  );
  return rows.map(spanOf);
}

interface SpanRow {
  readonly trace_id: string;
  readonly span_id: string;
  readonly parent_id: string | null;
  readonly saga_id: string | null;
  readonly event_id: string | null;
  readonly service: string;
  readonly name: string;
  readonly kind: number;
  readonly start_us: bigint;
  readonly duration_us: bigint;
  readonly failed: boolean;
  readonly attributes: string;
}

function spanOf(row: SpanRow): Span {
  return {
    traceId: row.trace_id.replaceAll('-', ''),
    spanId: row.span_id,
    parentId: row.parent_id,
    sagaId: row.saga_id,
    eventId: row.event_id,
    service: row.service,
    name: row.name,
    kind: SPAN_KINDS[row.kind] ?? ('unspecified' satisfies SpanKind),
    startUs: Number(row.start_us),
    durationUs: Number(row.duration_us),
    failed: row.failed,
    attributes: JSON.parse(row.attributes),
  };
}
