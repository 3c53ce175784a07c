import { z } from 'zod';
import { MOST_COUNTED, MOST_LISTED } from '../../tables/status.ts';

const moment = z.iso.datetime();
const count = z.number().int().min(0);
const nullable = z.string().nullable();
const bounded = `${MOST_LISTED} at most, the oldest first.`;
const counted = `${MOST_COUNTED} at most.`;

export const taskView = z.object({
  kind: z.enum(['call', 'timer']),
  name: z.string(),
  key: z.string().describe('The id of the saga, or what begins with it.'),
  sagaId: z.string(),
  causationId: z.string().describe('What led to it: an event, or a step of an orchestrated saga.'),
  since: moment,
  attempts: count,
  lastError: nullable,
  nextAttemptAt: moment.describe('Of a timer: when it goes off.'),
  isBeingMade: z.boolean().describe('At this moment.'),
});

export const letterView = z.object({
  id: z.uuid(),
  status: z.enum(['DEAD', 'QUARANTINED', 'PARKED']),
  topic: z.string(),
  partition: count,
  offset: z.string(),
  eventId: nullable,
  eventType: nullable,
  key: nullable.describe('The id of its saga, where nothing is wrong with the key.'),
  code: nullable.describe('null for what only waits.'),
  message: nullable,
  since: moment,
});

const refusedView = z.object({
  id: z.uuid().describe('Of an event its id.'),
  kind: z.enum(['EVENT', 'DEAD_LETTER']),
  topic: z.string(),
  key: nullable,
  code: z.string(),
  message: nullable,
  since: moment,
});

const unpublishedView = z.object({
  eventId: z.uuid(),
  type: z.string(),
  causationId: z.string(),
  since: moment,
  refused: nullable.describe('Why the broker refused it; null: it waits.'),
});

/** What is in the database. */
const storedView = z.object({
  outbox: z.object({
    unpublished: count.describe(`Rows that the broker is not known to have, and has not refused. ${counted}`),
    oldestAt: moment.nullable(),
    isKnown: z
      .boolean()
      .describe(
        'False until it is known how far the outbox is published: then nothing older than this process is counted.',
      ),
    refused: z.array(refusedView).describe(`Records that the broker refused for good. ${bounded}`),
    waiting: z
      .array(unpublishedView.extend({ key: z.string().describe('The id of the saga.') }))
      .describe(`Events that were refused, and those that wait for more than a second. Of both ${bounded}`),
  }),
  unanswered: z
    .array(taskView)
    .describe(
      `Calls and timers that were tried and have no outcome, and calls whose first attempt lasts. Of both ${bounded}`,
    ),
  lateTimers: z
    .array(z.object({ name: z.string(), sagaId: z.string(), dueAt: moment }))
    .describe(`What should have gone off. ${bounded}`),
  letters: z
    .array(letterView)
    .describe(`Dead letters that are not settled, and what is parked behind them. Of each status ${bounded}`),
  letterCounts: z.object({ DEAD: count, QUARANTINED: count, PARKED: count }).describe(`Of each ${counted}`),
});

export const statusView = z.object({
  service: z.string(),
  version: z.string(),
  instance: z.object({ id: z.string(), host: z.string(), pid: count }),
  startedAt: moment,
  now: moment.describe('By the clock of this process.'),
  sagaField: z.string().describe('What the events of this service call the id of their saga.'),
  ready: z.boolean(),
  reasons: z
    .array(z.object({ part: z.string(), reason: z.string(), since: moment }))
    .describe('What does not work, and since when; as at /readyz.'),
  consumer: z.object({
    group: z.string(),
    topics: z.array(z.string()),
    state: z
      .enum(['member', 'joining', 'held back', 'none'])
      .describe('held back: nothing may be read yet. none: it hears no event.'),
    since: moment,
    reason: nullable,
  }),
  relay: z.object({
    kind: z.enum(['logical', 'polling', 'none']).describe('none: somebody else publishes the outbox.'),
    state: z
      .enum(['starting', 'active', 'standing by', 'refused', 'recovering', 'at risk', 'broken', 'stopped', 'elsewhere'])
      .describe('standing by: another process publishes.'),
    since: moment,
    reason: nullable,
    position: nullable.describe('How far the slot is confirmed in the write-ahead log; of a polling relay, null.'),
    isRead: z
      .boolean()
      .nullable()
      .describe('Whether some process reads from the slot at this moment; null without one.'),
    retainedBytes: z.number().nullable().describe('Of write-ahead log that is kept for the slot.'),
  }),
  circuits: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['closed', 'open', 'half-open']),
      since: moment,
      nextTryAt: moment.nullable(),
      lastError: nullable,
      p50Ms: z.number().nullable().describe('Of the last minute; null without answers.'),
    }),
  ),
  stored: storedView.nullable().describe('null: the database did not answer in time.'),
  process: z.object({
    memoryBytes: count,
    memoryLimitBytes: count.nullable().describe('Of the container; null without one.'),
    eventLoopMs: z.number().describe('How long a turn of the event loop took, just now.'),
  }),
});

export const progressView = z.object({
  service: z.string(),
  received: z
    .array(z.object({ eventId: z.uuid(), at: moment, ignoredBecause: nullable }))
    .describe('Those of the given events that took effect, or were ignored for a reason.'),
  tasks: z.array(taskView).describe('Calls and timers of the saga that are not over.'),
  letters: z.array(letterView).describe('Messages of the saga that are set aside and not settled.'),
  unpublished: z.array(unpublishedView).describe('Events of the saga that are not known to be on their topic.'),
});
