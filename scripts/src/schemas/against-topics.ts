import { once } from 'node:events';
import { serviceNames } from '@troupe/embedded';
import type { SchemaSource } from '@troupe/schemas';
import { type Reader, RecordCheck, type RecordReport } from '@troupe/schemas/evolution';
import { type FeedBatch, follow } from '../feed/feed.ts';

export interface Topics {
  /** `host:port`, separated by commas. */
  readonly brokers: string;
  readonly registry: Pick<SchemaSource, 'schemaById'>;
  readonly readers: readonly Reader[];
  /** Default: those of events and of dead letters of all services. */
  readonly topics?: readonly string[];
  /** Called with the reason when it has to wait. */
  waiting(reason: unknown): void;
  readonly signal: AbortSignal;
}

const allTopics = serviceNames.flatMap((service) => [`${service}.events`, `${service}.dlq`]);

/**
 * Decodes every record that is in the topics now with the schema of each reader. Writes nothing, and leaves no offsets behind.
 * Kafka or the registry away: waits, until `signal` is aborted.
 */
export async function readAgainst({ topics = allTopics, ...options }: Topics): Promise<RecordReport> {
  const check = new RecordCheck(options.registry, options.readers);
  const end = new AbortController();
  const behind = new Set<string>();
  const following = follow({
    brokers: options.brokers,
    topics,
    from: 'oldest',
    signal: AbortSignal.any([options.signal, end.signal]),
    waiting: options.waiting,
    started(backlog) {
      for (const partition of backlog) behind.add(partition);
      if (behind.size === 0) end.abort();
    },
    async take({ partition, records, caughtUp }: FeedBatch) {
      // What was written since the start is not waited for, and a batch comes again when the registry was away.
      if (!behind.has(partition)) return;
      await check.learn(records.flatMap(({ value, unreadable }) => (value === null || unreadable ? [] : [value])));
      for (const record of records) check.look(record);
      if (caughtUp) behind.delete(partition);
      if (behind.size === 0) end.abort();
    },
  });
  if (!end.signal.aborted) await Promise.race([once(end.signal, 'abort'), following]);
  await following;
  options.signal.throwIfAborted();
  return check.report();
}
