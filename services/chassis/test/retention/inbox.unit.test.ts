import { describe, expect, it } from '@jest/globals';
import { compactedAmong } from '../../src/retention/compaction-rule.ts';
import { tooShortFor } from '../../src/retention/inbox-rule.ts';

const tooShort = (topics: Parameters<typeof tooShortFor>[0], inboxRetentionMs: number, outboxRetentionMs = 0) =>
  tooShortFor(topics, { inboxRetentionMs, outboxRetentionMs });

const DAY_MS = 86_400_000;
const topic = (retentionMs: number, segmentMs = DAY_MS, name = 'order.events') => ({
  topic: name,
  retentionMs,
  segmentMs,
  retentionBytes: Infinity,
  cleanupPolicy: 'delete',
});

describe('the inbox', () => {
  it('is long enough when it outlives the last record of the oldest segment by a day', () => {
    expect(tooShort([topic(7 * DAY_MS)], 9 * DAY_MS)).toBeUndefined();
    expect(tooShort([topic(7 * DAY_MS)], 9 * DAY_MS - 1)).toBeDefined();
    expect(tooShort([topic(7 * DAY_MS, 2 * DAY_MS)], 9 * DAY_MS)).toBeDefined();
    expect(tooShort([topic(7 * DAY_MS)], 9 * DAY_MS, 1)).toBeDefined();
    expect(tooShort([], 60_000)).toBeUndefined();
  });

  it('is too short with every topic that outlives it named, and what it must be for the longest of them', () => {
    const topics = [topic(7 * DAY_MS), topic(DAY_MS, DAY_MS, 'a'), topic(30 * DAY_MS, 7 * DAY_MS, 'payment.events')];
    expect(tooShort(topics, 8.5 * DAY_MS)).toBe(
      'The inbox keeps the ids of events for 8.5 days, but the broker may hold records of order.events for 8 days ' +
        '(retention.ms 604800000, segment.ms 86400000), of payment.events for 37 days (retention.ms 2592000000, ' +
        'segment.ms 604800000): one that is delivered again after its id is gone could take effect twice. No consumer ' +
        'starts, and no id is forgotten, until INBOX_RETENTION_MS is at least 3283200000 (38 days), or retention.ms and ' +
        'segment.ms of the topic are shorter.',
    );
  });

  it('must be unlimited for a topic that keeps its records for ever', () => {
    const reason = tooShort([topic(Infinity)], 1_000 * DAY_MS);
    expect(reason).toContain('order.events for ever (retention.ms -1, segment.ms 86400000)');
    expect(reason).toContain('until INBOX_RETENTION_MS is unlimited,');
    expect(tooShort([topic(Infinity)], Infinity)).toBeUndefined();
  });

  it('is not helped by a bound in bytes, and the sentence says so', () => {
    const reason = tooShort([{ ...topic(Infinity), retentionBytes: 1_000 }], 1_000 * DAY_MS);
    expect(reason).toContain('(retention.ms -1, segment.ms 86400000; retention.bytes 1000 bounds no time)');
  });
});

describe('a topic that the broker compacts', () => {
  it('is refused for its cleanup.policy, and not for a retention.ms that it does not have', () => {
    for (const cleanupPolicy of ['compact', 'compact,delete', 'delete,compact']) {
      const retentionMs = cleanupPolicy === 'compact' ? Infinity : 7 * DAY_MS;
      const reason = compactedAmong([topic(DAY_MS), { ...topic(retentionMs, DAY_MS, 'a'), cleanupPolicy }]);
      expect(reason).toContain(`The broker compacts a (cleanup.policy ${cleanupPolicy}):`);
      expect(reason).toContain('until cleanup.policy is delete there');
      expect(reason).not.toContain('retention.ms');
    }
    expect(compactedAmong([topic(Infinity), topic(DAY_MS)])).toBeUndefined();
  });
});
