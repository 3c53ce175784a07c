import { z } from 'zod';
import { type CauseRow, DEAD_LETTER_STATUSES, type ListedDeadLetter, LONGEST_KEY } from '../../tables/dead-letters/queries.ts';
import type { ReplayedDeadLetter, ReplayRow } from '../../tables/dead-letters/replays.ts';
import type { OperatorActRow } from '../../tables/operator-acts.ts';

const moment = z.iso.datetime();
const nullable = z.string().nullable();
const count = z.number().int();

/** A list of which `nextCursor` asks for the next page. */
export const pageView = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: nullable });

export const deadLetterView = z.object({
  id: z.uuid(),
  status: z
    .enum(DEAD_LETTER_STATUSES)
    .describe(
      'DEAD could not be handled; QUARANTINED came back from too many replays; PARKED waits behind one of those; HANDLED and DISCARDED are settled.',
    ),
  topic: z.string(),
  partition: count,
  offset: z.string(),
  key: nullable.describe(
    `null when there is none, or it is not text; of a longer one, the first ${LONGEST_KEY} characters.`,
  ),
  eventId: nullable,
  eventType: nullable,
  error: z.object({ code: z.string(), message: z.string() }).nullable().describe('null for what only waits.'),
  replays: count.describe('How often it was replayed.'),
  replayId: z.uuid().nullable().describe('The replay that it is in, while that has not finished.'),
  parkedBehind: count.describe('How many messages of its key wait behind it.'),
  outcome: z.object({ kind: z.string(), reason: nullable }).nullable().describe('What it came to, when it is settled.'),
  reducedBecause: nullable.describe(
    'Why the record could not be kept whole: its place, its hashes and its error are here, and it can be discarded, not replayed. null: it is whole.',
  ),
  receivedAt: moment,
  settledAt: moment.nullable(),
});

export const causeView = z.object({
  topic: z.string(),
  eventType: nullable,
  code: nullable,
  count: count.describe('Dead letters, those in quarantine included.'),
  quarantined: count,
  parked: count.describe('Messages that wait behind them.'),
  firstReceivedAt: moment,
  lastReceivedAt: moment,
  example: z.object({ id: z.uuid(), message: nullable }).describe('The latest of them.'),
});

export const actView = z.object({
  id: z.uuid(),
  at: moment,
  operator: z.string(),
  act: z.string(),
  target: z.string(),
  reason: nullable,
  detail: z.record(z.string(), z.unknown()),
});

export const replayView = z.object({
  id: z.uuid(),
  status: z.enum(['RUNNING', 'FINISHED']),
  operator: z.string(),
  reason: nullable,
  selection: z.record(z.string(), z.unknown()).describe('What was asked for.'),
  ratePerSecond: count,
  total: count,
  done: count,
  rest: count,
  outcomes: z.record(z.string(), count).describe('Messages by what they came to.'),
  createdAt: moment,
  finishedAt: moment.nullable(),
  links: z.object({ self: z.string(), messages: z.string() }),
});

export const REPLAY_OUTCOMES = ['waiting', 'applied', 'duplicate', 'ignored', 'dead', 'parked', 'skipped'] as const;

export const replayedView = z.object({
  id: z.uuid(),
  outcome: z
    .enum(REPLAY_OUTCOMES)
    .describe('dead: it failed again; parked: an earlier message of its key must be handled first.'),
  reason: nullable,
  doneAt: moment.nullable(),
  status: z.enum(DEAD_LETTER_STATUSES).nullable().describe('Of the dead letter, now; null when it has been deleted since.'),
  topic: nullable,
  eventType: nullable,
  key: nullable,
});

export function viewOfDeadLetter(row: ListedDeadLetter): z.input<typeof deadLetterView> {
  const { id, status, topic, partition, offset, key, replays } = row;
  const { error_code: code, error_message: message, outcome: kind, outcome_reason: reason } = row;
  return {
    id,
    status,
    topic,
    partition,
    offset,
    key,
    eventId: row.event_id,
    eventType: row.event_type,
    error: code === null ? null : { code, message: message ?? '' },
    replays,
    replayId: row.replay_id,
    parkedBehind: row.parked,
    outcome: kind === null ? null : { kind, reason },
    reducedBecause: row.reduced_because,
    receivedAt: row.received_at.toISOString(),
    settledAt: iso(row.settled_at),
  };
}

export const viewOfCause = (row: CauseRow): z.input<typeof causeView> => ({
  topic: row.topic,
  eventType: row.event_type,
  code: row.error_code,
  count: row.count,
  quarantined: row.quarantined,
  parked: row.parked,
  firstReceivedAt: row.first_received_at.toISOString(),
  lastReceivedAt: row.last_received_at.toISOString(),
  example: { id: row.example_id, message: row.example_message },
});

export const viewOfAct = ({ at, detail, ...row }: OperatorActRow): z.input<typeof actView> => ({
  ...row,
  at: at.toISOString(),
  detail: detail as Record<string, unknown>,
});

export function viewOfReplay(row: ReplayRow): z.input<typeof replayView> {
  const { id, reason, total, done, outcomes } = row;
  const self = `/dead-letters/replays/${id}`;
  return {
    id,
    status: row.finished_at === null ? 'RUNNING' : 'FINISHED',
    operator: row.created_by,
    reason,
    selection: row.filter as Record<string, unknown>,
    ratePerSecond: row.rate_per_second,
    total,
    done,
    rest: total - done,
    outcomes,
    createdAt: row.created_at.toISOString(),
    finishedAt: iso(row.finished_at),
    links: { self, messages: `${self}/messages` },
  };
}

type ReplayOutcome = (typeof REPLAY_OUTCOMES)[number];

export const viewOfReplayed = (row: ReplayedDeadLetter): z.input<typeof replayedView> => ({
  id: row.letter_id,
  outcome: (row.outcome ?? 'waiting') as ReplayOutcome,
  reason: row.outcome_reason,
  doneAt: iso(row.done_at),
  status: row.status,
  topic: row.topic,
  eventType: row.event_type,
  key: row.key,
});

export const iso = (moment: Date | null): string | null => moment?.toISOString() ?? null;
