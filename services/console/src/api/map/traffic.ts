import type { Sql } from '@troupe/chassis';
import type { Moment } from '../../contract/event.ts';

/** From the first moment on, up to the second. */
export interface Window {
  readonly from: Date;
  readonly until: Date;
}

export interface Traffic {
  /** By event: how many were published, and when the last was. */
  readonly said: ReadonlyMap<string, { readonly count: number; readonly lastAt: Moment }>;
  /** By event and reader, `<event> <service>`: from the commit that said it to the commit of the answer. */
  readonly answered: ReadonlyMap<string, { readonly p50Ms: number; readonly p99Ms: number }>;
}

/** The newest events are enough to say how long answers take, whatever the load. */
const SAMPLE = 20_000;

/** Two statements, however many events and readers. */
export async function trafficIn(sql: Sql, { from, until }: Window): Promise<Traffic> {
  const [said, answered] = await Promise.all([
    sql.$queryRawUnsafe<{ type: string; count: number; last: Date }[]>(SAID, from, until),
    sql.$queryRawUnsafe<{ event: string; reader: string; quantiles: number[] }[]>(ANSWERED, from, until),
  ]);
  return {
    said: new Map(said.map(({ type, count, last }) => [type, { count, lastAt: last.toISOString() }])),
    answered: new Map(
      answered.map(({ event, reader, quantiles: [p50Ms = 0, p99Ms = 0] }) => [
        `${event} ${reader}`,
        { p50Ms: rounded(p50Ms), p99Ms: rounded(p99Ms) },
      ]),
    ),
  };
}

/** A tenth of a millisecond is the least that means anything. */
export const rounded = (ms: number): number => Math.round(ms * 10) / 10;

const SAID = `SELECT type, count(*)::int AS count, max(published_at) AS last FROM record
  WHERE published_at >= $1 AND published_at < $2 AND is_event GROUP BY type`;

const ANSWERED = `WITH answer AS (
    SELECT owner, causation_id, said_at FROM record
    WHERE published_at >= $1 AND published_at < $2 AND is_event ORDER BY published_at DESC LIMIT ${SAMPLE})
  SELECT cause.type AS event, answer.owner AS reader,
         percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (
           ORDER BY greatest(0, extract(epoch FROM answer.said_at - cause.said_at) * 1000)::float8) AS quantiles
  FROM answer JOIN record cause ON cause.event_id = answer.causation_id AND cause.is_event AND cause.owner <> answer.owner
  GROUP BY 1, 2`;

/** A partition of which a reader is behind. */
export interface Behind {
  readonly reader: string;
  readonly topic: string;
  readonly partition: number;
  readonly committed: string;
}

/** More is not worse. */
const MOST = 10_000;

/** What lies before readers that are behind, by event and reader, `<event> <service>`. One statement, by the places of records. */
export async function waitingEvents(sql: Sql, behind: readonly Behind[]): Promise<ReadonlyMap<string, number>> {
  if (behind.length === 0) return new Map();
  const rows = await sql.$queryRawUnsafe<{ reader: string; type: string; count: number }[]>(
    `SELECT b.reader, waiting.type, sum(waiting.count)::int AS count
     FROM unnest($1::text[], $2::text[], $3::int[], $4::bigint[]) AS b(reader, topic, partition, committed)
     CROSS JOIN LATERAL (
       SELECT next.type, count(*) AS count FROM (
         SELECT type FROM record WHERE record.topic = b.topic AND record.partition = b.partition AND record."offset" >= b.committed
           AND type IS NOT NULL
         LIMIT ${MOST}) AS next GROUP BY next.type) AS waiting
     GROUP BY 1, 2`,
    behind.map(({ reader }) => reader),
    behind.map(({ topic }) => topic),
    behind.map(({ partition }) => partition),
    behind.map(({ committed }) => committed),
  );
  return new Map(rows.map(({ reader, type, count }) => [`${type} ${reader}`, count]));
}
