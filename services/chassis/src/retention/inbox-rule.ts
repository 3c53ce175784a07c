import type { TopicRetention } from '../kafka/topic-retention.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** For a producer whose clock is wrong, and for the minutes between two rounds of the log cleaner. */
export const MARGIN_MS = DAY_MS;

/** How long this system keeps what makes a redelivery possible, and what makes it harmless; milliseconds. */
export interface Kept {
  readonly inboxRetentionMs: number;
  /** A lost slot has the rows of so long published again; every service has the same setting. */
  readonly outboxRetentionMs: number;
}

/**
 * A sentence that says what to do when a record can be delivered again after its id has left the inbox. A record lives
 * for `retention.ms` after the last one of its segment, which is at most `segment.ms` younger.
 */
export function tooShortFor(
  topics: readonly TopicRetention[],
  { inboxRetentionMs, outboxRetentionMs }: Kept,
): string | undefined {
  const neededMs = (topic: TopicRetention): number => recordMs(topic) + outboxRetentionMs + MARGIN_MS;
  const tooLong = topics.filter((topic) => neededMs(topic) > inboxRetentionMs);
  if (tooLong.length === 0) return undefined;
  const listed = tooLong.map((topic) => `${topic.topic} for ${inWords(recordMs(topic))} (${settings(topic)})`);
  const needed = Math.max(...tooLong.map(neededMs));
  return (
    `The inbox keeps the ids of events for ${inWords(inboxRetentionMs)}, but the broker may hold records of ` +
    `${listed.join(', of ')}: one that is delivered again after its id is gone could take effect twice. No consumer starts, ` +
    `and no id is forgotten, until INBOX_RETENTION_MS is ${needed === Infinity ? 'unlimited' : `at least ${needed} (${inWords(needed)})`}, ` +
    'or retention.ms and segment.ms of the topic are shorter.'
  );
}

const recordMs = ({ retentionMs, segmentMs }: TopicRetention): number => retentionMs + segmentMs;

function settings({ retentionMs, retentionBytes, segmentMs }: TopicRetention): string {
  const times = `retention.ms ${retentionMs === Infinity ? -1 : retentionMs}, segment.ms ${segmentMs}`;
  return retentionBytes === Infinity ? times : `${times}; retention.bytes ${retentionBytes} bounds no time`;
}

/** `7 days`, `1.5 hours`, `ever` */
function inWords(ms: number): string {
  if (ms === Infinity) return 'ever';
  const [unit, length] = ms >= DAY_MS ? ['day', DAY_MS] : ms >= HOUR_MS ? ['hour', HOUR_MS] : ['minute', MINUTE_MS];
  const count = Math.round((ms / (length as number)) * 10) / 10;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
