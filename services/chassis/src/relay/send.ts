import { failpoint } from '../failpoint.ts';
import type { Publisher } from '../kafka/producer.ts';
import type { OutboxRecord } from './outbox-record.ts';
import type { RelayObserver } from './relay-observer.ts';
import { endSendSpans, startSendSpans } from './send-span.ts';

/** In one produce request. Below a broker's limit for a batch (1 MiB), even if all go to one partition. */
export const REQUEST = { count: 1_000, bytes: 700_000 };

/**
 * One produce request, traced and measured. Resolves when the broker has every record.
 *
 * @param waiting further records in memory.
 */
export async function send(
  records: readonly OutboxRecord[],
  waiting: number,
  { publisher, observer }: { readonly publisher: Publisher; readonly observer: RelayObserver },
): Promise<void> {
  const spans = startSendSpans(records);
  const startedAt = performance.now();
  observer.sending(records, waiting);
  failpoint('relay-before-publish');
  try {
    await publisher.publish(records);
  } catch (error) {
    endSendSpans(spans, error);
    throw error;
  }
  failpoint('relay-after-publish');
  endSendSpans(spans);
  observer.published(records, performance.now() - startedAt);
}
