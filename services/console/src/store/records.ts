import type { Sql } from '@troupe/chassis';
import type { RecordView } from '../contract/topics.ts';
import { conditionsOf, type RecordFilter } from './record-filter.ts';
import { momentOf, Values } from './values.ts';

/** Where a record stands among all of them: newest first. */
export interface RecordOrder {
  /** Milliseconds since 1970. */
  readonly publishedAt: number;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

export interface FoundRecords {
  readonly records: readonly RecordView[];
  /** Behind which the search goes on; undefined: there is no more. It may be further than the last record. */
  readonly next: RecordOrder | undefined;
}

/** So many records are looked at for one answer: a search for what is rare takes several, and none takes long. */
const LOOKED_AT = 3_000;

/** So many records behind a place, newest first; fewer when they are rare, and then `next` says where to go on. */
export async function findRecords(
  sql: Sql,
  filter: RecordFilter,
  { after, limit }: { readonly after: RecordOrder | undefined; readonly limit: number },
): Promise<FoundRecords> {
  const values = new Values();
  const { found, tried } = conditionsOf(filter, values);
  const where = [...found, ...(after === undefined ? [] : [behind(after, values)])];
  const rows = await sql.$queryRawUnsafe<Found[]>(
    `WITH looked AS MATERIALIZED (
       SELECT topic, partition, record."offset", published_at, (${tried.join(' AND ') || 'true'}) AS matches
       FROM record WHERE ${where.join(' AND ') || 'true'}
       ORDER BY published_at DESC, topic DESC, partition DESC, record."offset" DESC LIMIT ${LOOKED_AT}),
     matching AS (
       SELECT topic, partition, looked."offset" FROM looked WHERE matches
       ORDER BY published_at DESC, topic DESC, partition DESC, looked."offset" DESC LIMIT ${values.add(limit + 1, 'int')}),
     last AS (
       SELECT topic, partition, looked."offset", published_at FROM looked
       ORDER BY published_at, topic, partition, looked."offset" LIMIT 1)
     SELECT (SELECT count(*)::int FROM looked) AS looked_at, last.topic AS last_topic, last.partition AS last_partition,
            last."offset"::text AS last_offset, last.published_at AS last_published_at, ${VIEWED}
     FROM last LEFT JOIN (matching JOIN record USING (topic, partition, "offset")) ON true
     ORDER BY record.published_at DESC, record.topic DESC, record.partition DESC, record."offset" DESC`,
    ...values.all,
  );
  return {
    records: rows.flatMap((row) => (row.topic === null ? [] : [viewOf(row)])).slice(0, limit),
    next: nextOf(rows, limit),
  };
}

function behind({ publishedAt, topic, partition, offset }: RecordOrder, values: Values): string {
  const place = [
    values.add(momentOf(publishedAt), 'timestamptz'),
    values.add(topic, 'text'),
    values.add(partition, 'int'),
    values.add(offset, 'bigint'),
  ];
  return `(published_at, topic, partition, record."offset") < (${place.join(', ')})`;
}

function nextOf(rows: readonly Found[], limit: number): RecordOrder | undefined {
  const [first] = rows;
  const last = rows[limit - 1];
  if (rows.length > limit && last !== undefined && last.topic !== null) {
    return {
      publishedAt: last.published_at.getTime(),
      topic: last.topic,
      partition: last.partition,
      offset: last.offset,
    };
  }
  if (first === undefined || first.looked_at < LOOKED_AT) return undefined;
  const { last_published_at, last_topic: topic, last_partition: partition, last_offset: offset } = first;
  return { publishedAt: last_published_at.getTime(), topic, partition, offset };
}

/** One record, by its place. */
export async function recordAt(
  sql: Sql,
  { topic, partition, offset }: Pick<RecordView, 'topic' | 'partition' | 'offset'>,
): Promise<RecordView | undefined> {
  const [row] = await sql.$queryRawUnsafe<ViewedRow[]>(
    `SELECT ${VIEWED} FROM record WHERE topic = $1 AND partition = $2::int AND record."offset" = $3::bigint`,
    topic,
    partition,
    offset,
  );
  return row && viewOf(row);
}

const VIEWED = `record.topic, record.partition, record."offset"::text AS offset, record.published_at, record.key, record.type,
  record.event_id, record.saga_id, record.schema_id, record.payload, record.headers, record.broken_code,
  record.broken_message, record.broken_hex`;

interface ViewedRow {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly published_at: Date;
  readonly key: string | null;
  readonly type: string | null;
  readonly event_id: string | null;
  readonly saga_id: string | null;
  readonly schema_id: number | null;
  readonly payload: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly broken_code: string | null;
  readonly broken_message: string | null;
  readonly broken_hex: string | null;
}

/** Without a record that matches there is one row all the same: it says how far the search has come. */
type Found = (ViewedRow | { readonly topic: null }) & {
  readonly looked_at: number;
  readonly last_topic: string;
  readonly last_partition: number;
  readonly last_offset: string;
  readonly last_published_at: Date;
};

function viewOf(row: ViewedRow): RecordView {
  const { topic, partition, offset, key, type, payload, headers, broken_code: code } = row;
  return {
    topic,
    partition,
    offset,
    at: row.published_at.toISOString(),
    key,
    type,
    eventId: row.event_id,
    sagaId: row.saga_id,
    schemaId: row.schema_id,
    payload,
    headers,
    broken: code === null ? null : { code, message: row.broken_message ?? '', hex: row.broken_hex ?? '' },
  };
}
