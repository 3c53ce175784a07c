import { z } from 'zod';
import { DEAD_LETTER_STATUSES, LONGEST_KEY } from '../../tables/dead-letters/queries.ts';

const moment = z.iso.datetime();
const nullable = z.string().nullable();
const count = z.number().int();

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
  status: z
    .enum(DEAD_LETTER_STATUSES)
    .nullable()
    .describe('Of the dead letter, now; null when it has been deleted since.'),
  topic: nullable,
  eventType: nullable,
  key: nullable,
});
