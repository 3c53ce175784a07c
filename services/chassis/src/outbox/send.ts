import { type Publisher, RecordRefused } from '../kafka/producer.ts';
import { failpoint } from '../process/failpoint.ts';
import type { OutboxRecord } from './outbox-record.ts';
import type { RefusedRecords } from './refused/refused-records.ts';
import type { RelayObserver } from './relay/observer.ts';
import { endSendSpans, startSendSpans } from './send-span.ts';

/** In one produce request. Below a broker's limit for a batch (1 MiB), even if all go to one partition. */
export const REQUEST = { count: 1_000, bytes: 700_000 };

interface Sending {
  readonly publisher: Publisher;
  readonly observer: RelayObserver;
}

/**
 * Publishes records in their order. Resolves when the broker has each, or has refused it for good: then it and what
 * waits behind it are in `relay_aside`. @param waiting further records in memory
 */
export async function send(
  records: readonly OutboxRecord[],
  waiting: number,
  parts: Sending & { readonly refusedRecords: RefusedRecords },
): Promise<void> {
  // As many in a request as there are. Behind a refusal, which seldom comes alone, one, and twice as many each time.
  let atOnce = records.length;
  for (let at = 0; at < records.length; ) {
    const next = records.slice(at, at + atOnce);
    const going = await parts.refusedRecords.without(next);
    const refusal = going.length === 0 ? undefined : await refusalOf(request(going, waiting, parts));
    const refused = refusal && going[refusal.at];
    if (refusal !== undefined && refused !== undefined) {
      await parts.refusedRecords.refuse(refused, refusal);
      at += next.indexOf(refused) + 1;
    } else at += next.length;
    atOnce = refused === undefined ? atOnce * 2 : 1;
  }
}

async function refusalOf(sent: Promise<void>): Promise<RecordRefused | undefined> {
  try {
    await sent;
    return undefined;
  } catch (error) {
    if (error instanceof RecordRefused) return error;
    throw error;
  }
}

/** One produce request, traced and measured. Resolves when the broker has every record. @throws RecordRefused */
export async function request(
  records: readonly OutboxRecord[],
  waiting: number,
  { publisher, observer }: Sending,
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
