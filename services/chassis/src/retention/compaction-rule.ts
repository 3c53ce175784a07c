import type { TopicRetention } from '../kafka/topic-retention.ts';

/**
 * A sentence that says what to do when the broker compacts one of these topics. A compaction keeps the newest record of
 * each key, read or not. The key of an event is its saga: nobody would hear the earlier events of one.
 */
export function compactedAmong(topics: readonly TopicRetention[]): string | undefined {
  const compacted = topics.filter(({ cleanupPolicy }) => cleanupPolicy.includes('compact'));
  if (compacted.length === 0) return undefined;
  const listed = compacted.map(({ topic, cleanupPolicy }) => `${topic} (cleanup.policy ${cleanupPolicy})`);
  return (
    `The broker compacts ${listed.join(', and ')}: of the events of each key it keeps the newest one only, and removes the ` +
    'others, read or not. No consumer starts, and no id is forgotten, until cleanup.policy is delete there. What was removed ' +
    'by then is in the outbox of the owner of the topic: publish it again.'
  );
}
