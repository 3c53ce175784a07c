import type { Sql } from '@troupe/chassis';
import type { RecordRow } from './record-row.ts';

/**
 * Adds what is not there yet, in the order of places: two processes that were given one partition wait for each other,
 * never in a circle. One statement.
 */
export async function addRecords(tx: Sql, rows: readonly RecordRow[]): Promise<void> {
  const columns = COLUMNS.map(({ of }) => rows.map(of));
  await tx.$executeRawUnsafe(ADD, ...columns);
}

interface Column {
  readonly name: string;
  readonly type: string;
  of(row: RecordRow): string | number | boolean | null;
  /** How the value becomes the column's. */
  readonly as?: string;
}

const time = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

const COLUMNS: readonly Column[] = [
  { name: 'topic', type: 'text', of: ({ topic }) => topic },
  { name: 'partition', type: 'int', of: ({ partition }) => partition },
  { name: 'offset', type: 'bigint', of: ({ offset }) => offset },
  { name: 'published_at', type: 'timestamptz', of: ({ publishedAt }) => time(publishedAt) },
  { name: 'said_at', type: 'timestamptz', of: ({ saidAt }) => time(saidAt) },
  { name: 'key', type: 'text', of: ({ key }) => key },
  { name: 'type', type: 'text', of: ({ type }) => type },
  { name: 'owner', type: 'text', of: ({ owner }) => owner },
  { name: 'event_id', type: 'uuid', of: ({ eventId }) => eventId },
  { name: 'saga_id', type: 'uuid', of: ({ sagaId }) => sagaId },
  { name: 'causation_id', type: 'uuid', of: ({ causationId }) => causationId },
  { name: 'trace_id', type: 'text', of: ({ traceId }) => traceId },
  { name: 'depth', type: 'int', of: ({ depth }) => depth },
  { name: 'schema_id', type: 'int', of: ({ schemaId }) => schemaId },
  { name: 'is_event', type: 'boolean', of: ({ isEvent }) => isEvent },
  { name: 'payload', type: 'text', as: 'jsonb', of: ({ payload }) => payload },
  { name: 'headers', type: 'text', as: 'jsonb', of: ({ headers }) => headers },
  { name: 'broken_code', type: 'text', of: ({ broken }) => broken?.code ?? null },
  { name: 'broken_message', type: 'text', of: ({ broken }) => broken?.message ?? null },
  { name: 'broken_hex', type: 'text', of: ({ broken }) => broken?.hex ?? null },
  { name: 'bytes', type: 'int', of: ({ bytes }) => bytes },
];

const names = COLUMNS.map(({ name }) => `"${name}"`).join(', ');
const ADD = `INSERT INTO record (${names})
  SELECT ${COLUMNS.map(({ name, as }) => `"${name}"${as === undefined ? '' : `::${as}`}`).join(', ')}
  FROM unnest(${COLUMNS.map(({ type }, at) => `$${at + 1}::${type}[]`).join(', ')}) AS given (${names})
  ORDER BY topic, partition, "offset"
  ON CONFLICT (topic, partition, "offset") DO NOTHING`;
