import type { Sql } from '@troupe/chassis';
import { distance } from '../../asking/broker-watch.ts';
import type { EdgeDetail } from '../../contract/services.ts';
import { rowOf } from '../../saga/summary/row.ts';
import type { OpenSagas } from '../saga-list.ts';
import { type DeclaredEdge, declaredEdges } from './edges.ts';
import { edgeView, type MapParts, secondsOf } from './map-view.ts';
import { behindIn, heldAt } from './stood.ts';
import { rounded, trafficIn, waitingEvents } from './traffic.ts';

/** Of the history: a pair for each quarter of a minute, for a quarter of an hour. */
const BUCKET_MS = 15_000;
const BUCKETS = 60;
const MINUTE_MS = 60_000;
/** Of an event, the newest: enough for a median, whatever the load. */
const SAMPLE = 500;
const SHOWN = 10;

/** Undefined: the map has no such edge. */
export async function edgeDetail(
  parts: MapParts & { readonly open: OpenSagas },
  { event, to }: { readonly event: string; readonly to: string },
): Promise<EdgeDetail | undefined> {
  const { asking, choreography, sql, now } = parts;
  const edge = declaredEdges(choreography).find((one) => one.event === event && one.to === to);
  if (edge === undefined) return undefined;
  const until = new Date(now());
  const window = { from: new Date(now() - MINUTE_MS), until };
  const topic = `${asking.topicPrefix}${edge.topic}`;
  const behind = behindIn(choreography, asking).filter((one) => one.reader === to && one.topic === topic);
  const [traffic, waiting, seams, history] = await Promise.all([
    trafficIn(sql, window),
    waitingEvents(sql, behind),
    seamsOf(sql, { edge, topic, from: new Date(now() - BUCKETS * BUCKET_MS), until }),
    historyOf(parts, edge, topic),
  ]);
  const committed = asking.broker.group(`${asking.topicPrefix}${to}`)?.committed ?? {};
  return {
    edge: edgeView(edge, { traffic, seconds: secondsOf(window), waiting, held: heldAt(asking) }),
    answers: edge.answers,
    withinMs: edge.withinMs,
    undoneBy: edge.undoneBy,
    source: `services/${to}/src/reactions.ts`,
    partitions: asking.broker.topic(topic).partitions.map(({ partition, begin, end }) => ({
      partition,
      behind: distance(committed[`${topic}/${partition}`] ?? begin, end),
    })),
    seams,
    history,
    here: sagasHere(parts, edge),
  };
}

interface Sampled {
  readonly edge: DeclaredEdge;
  readonly topic: string;
  readonly from: Date;
  readonly until: Date;
}

type Quantiles = readonly [number | null, number | null];

/** Outbox and handler of the newest events of a kind; what lies between is known where sending and handling were traced. */
async function seamsOf(sql: Sql, { edge, topic, from, until }: Sampled): Promise<EdgeDetail['seams']> {
  const rows = await sql.$queryRawUnsafe<Partial<Record<EdgeDetail['seams'][number]['seam'], Quantiles | null>>[]>(
    SEAMS,
    topic,
    from,
    until,
    edge.event,
    edge.to,
  );
  const { outbox, broker, wait, handler } = rows[0] ?? {};
  const seam = (name: EdgeDetail['seams'][number]['seam'], quantiles: Quantiles | null | undefined) => {
    const [p50Ms = null, p99Ms = null] = quantiles ?? [];
    return { seam: name, p50Ms: p50Ms && rounded(p50Ms), p99Ms: p99Ms && rounded(p99Ms) };
  };
  return [seam('outbox', outbox), seam('broker', broker), seam('wait', wait), seam('handler', handler)];
}

const quantiles = (value: string): string =>
  `percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (ORDER BY greatest(0, ${value})::float8) FILTER (WHERE ${value} IS NOT NULL)`;
const ms = (column: string): string => `extract(epoch FROM ${column}) * 1000`;

const SEAMS = `WITH said AS (
    SELECT event_id, saga_id, said_at, published_at FROM record
    WHERE topic = $1 AND published_at >= $2 AND published_at < $3 AND is_event AND type = $4
    ORDER BY published_at DESC LIMIT ${SAMPLE}),
  measured AS (
    SELECT ${ms('said.published_at')} - ${ms('said.said_at')} AS outbox,
           readable.ms - ${ms('said.published_at')} AS broker,
           handled.start_us / 1000.0 - greatest(${ms('said.published_at')}, readable.ms) AS wait,
           coalesce(${ms('answer.said_at')} - handled.start_us / 1000.0, handled.duration_us / 1000.0) AS handler
    FROM said
    LEFT JOIN LATERAL (
      SELECT span.start_us, span.duration_us FROM span
      WHERE span.saga_id = said.saga_id AND span.event_id = said.event_id::text AND span.service = $5 AND span.kind = 5
      ORDER BY span.start_us LIMIT 1) AS handled ON true
    LEFT JOIN LATERAL (
      SELECT least(span.start_us + span.duration_us, handled.start_us) / 1000.0 AS ms FROM span
      WHERE span.saga_id = said.saga_id AND span.event_id = said.event_id::text AND span.kind = 4 AND span.name = 'send ' || $1
        AND NOT span.failed
      ORDER BY span.start_us LIMIT 1) AS readable ON true
    LEFT JOIN LATERAL (
      SELECT record.said_at FROM record
      WHERE record.saga_id = said.saga_id AND record.causation_id = said.event_id AND record.owner = $5
      ORDER BY record.said_at LIMIT 1) AS answer ON true)
  SELECT ${quantiles('outbox')} AS outbox, ${quantiles('broker')} AS broker, ${quantiles('wait')} AS wait, ${quantiles('handler')} AS handler FROM measured`;

/**
 * How many were said and handled in each quarter of a minute. Of a reader that answers, an event is handled when it has answered.
 * Of one that says nothing, what lies before its committed offset is handled; when, is not known: it counts where it was said.
 */
async function historyOf(
  { sql, asking, now }: MapParts,
  edge: DeclaredEdge,
  topic: string,
): Promise<EdgeDetail['history']> {
  const last = Math.floor(now() / BUCKET_MS);
  const from = new Date((last - BUCKETS + 1) * BUCKET_MS);
  const until = new Date((last + 1) * BUCKET_MS);
  const committed = Object.entries(asking.broker.group(`${asking.topicPrefix}${edge.to}`)?.committed ?? {});
  const places = committed.filter(([place]) => place.startsWith(`${topic}/`));
  const rows = await sql.$queryRawUnsafe<{ bucket: bigint; said: number; handled: number }[]>(
    edge.answers.length > 0 ? ANSWERED_HISTORY : READ_HISTORY,
    topic,
    from,
    until,
    edge.event,
    ...(edge.answers.length > 0
      ? [edge.to]
      : [places.map(([place]) => Number(place.slice(topic.length + 1))), places.map(([, offset]) => offset)]),
  );
  const byBucket = new Map(rows.map(({ bucket, said, handled }) => [Number(bucket), { said, handled }]));
  return Array.from({ length: BUCKETS }, (_, index) => {
    const bucket = last - BUCKETS + 1 + index;
    const { said = 0, handled = 0 } = byBucket.get(bucket) ?? {};
    return { at: new Date(bucket * BUCKET_MS).toISOString(), said, handled };
  });
}

const bucket = (column: string): string => `floor(extract(epoch FROM ${column}) * 1000 / ${BUCKET_MS})::bigint`;
const OF_EVENT =
  'record.topic = $1 AND record.published_at >= $2 AND record.published_at < $3 AND record.is_event AND record.type = $4';

const ANSWERED_HISTORY = `SELECT bucket, sum(said)::int AS said, sum(handled)::int AS handled FROM (
    SELECT ${bucket('published_at')} AS bucket, 1 AS said, 0 AS handled FROM record WHERE ${OF_EVENT}
    UNION ALL
    SELECT ${bucket('answer.said_at')}, 0, 1 FROM record
    CROSS JOIN LATERAL (
      SELECT min(later.said_at) AS said_at FROM record later
      WHERE later.saga_id = record.saga_id AND later.causation_id = record.event_id AND later.owner = $5) AS answer
    WHERE ${OF_EVENT} AND answer.said_at IS NOT NULL) AS counted
  GROUP BY bucket`;

const READ_HISTORY = `SELECT ${bucket('published_at')} AS bucket, count(*)::int AS said,
    (count(*) FILTER (WHERE record."offset" < read.committed))::int AS handled
  FROM record LEFT JOIN unnest($5::int[], $6::bigint[]) AS read(partition, committed) ON read.partition = record.partition
  WHERE ${OF_EVENT} GROUP BY 1`;

/** Open sagas whose next step is owed on this edge, the oldest first. */
function sagasHere({ open, now }: MapParts & { readonly open: OpenSagas }, edge: DeclaredEdge): EdgeDetail['here'] {
  const here = [...open.judged()].filter(
    ({ summary }) => summary.owes?.hears === edge.event && summary.owes.service === edge.to,
  );
  const first = here
    .sort((one, other) => one.summary.since.localeCompare(other.summary.since))
    .slice(0, SHOWN)
    .map(({ summary, diagnosis }) => rowOf(summary, diagnosis, now()));
  return { count: here.length, first };
}
