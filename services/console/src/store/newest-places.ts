import type { Sql } from '@troupe/chassis';
import type { SagaSummary } from '../saga/input.ts';

/** A partition, and the offset of its newest record. */
export interface NewestPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** Of every partition. One statement, which goes from partition to partition along the primary key. */
export async function newestPlaces(sql: Sql): Promise<readonly NewestPlace[]> {
  const rows = await sql.$queryRawUnsafe<{ topic: string; partition: number; offset: string }[]>(NEWEST);
  return rows.map(({ offset, ...place }) => ({ ...place, offset: BigInt(offset) }));
}

const NEWEST = `
  WITH RECURSIVE place AS (
    (SELECT topic, partition FROM record ORDER BY topic, partition LIMIT 1)
    UNION ALL
    SELECT next.topic, next.partition FROM place CROSS JOIN LATERAL (
      SELECT record.topic, record.partition FROM record
      WHERE (record.topic, record.partition) > (place.topic, place.partition) ORDER BY record.topic, record.partition LIMIT 1) AS next)
  SELECT place.topic, place.partition, newest."offset"::text FROM place CROSS JOIN LATERAL (
    SELECT record."offset" FROM record WHERE record.topic = place.topic AND record.partition = place.partition
    ORDER BY record."offset" DESC LIMIT 1) AS newest`;

/** Of the sagas of all records behind one offset and up to another. One statement. */
export async function summariesBetween(
  sql: Sql,
  ranges: readonly { readonly place: NewestPlace; readonly after: bigint }[],
): Promise<readonly SagaSummary[]> {
  const rows = await sql.$queryRawUnsafe<{ summary: SagaSummary }[]>(
    BETWEEN,
    ranges.map(({ place }) => place.topic),
    ranges.map(({ place }) => place.partition),
    ranges.map(({ after }) => String(after)),
    ranges.map(({ place }) => String(place.offset)),
  );
  return rows.map(({ summary }) => summary);
}

const BETWEEN = `
  SELECT summary FROM saga WHERE order_id IN (
    SELECT record.saga_id FROM unnest($1::text[], $2::int[], $3::bigint[], $4::bigint[]) AS range (topic, partition, after, until)
    JOIN record ON record.topic = range.topic AND record.partition = range.partition
               AND record."offset" > range.after AND record."offset" <= range.until)`;
