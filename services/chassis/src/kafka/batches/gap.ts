import { type BatchContext, FetchedMessage } from './fetched-message.ts';

const NO_HEADERS = { bytes: Buffer.of(0), at: 0, end: 1 };

/**
 * Stands for offsets that have no record to be handled: of transactions that were aborted, and of records that a compaction
 * took away. It looks like a control record: kafkajs does not hand it on, and reads on behind it.
 */
export function gap(context: BatchContext, lastOffset: number): FetchedMessage {
  return new FetchedMessage({
    attributes: 0,
    timestamp: context.maxTimestamp,
    offset: String(lastOffset),
    key: null,
    value: null,
    headers: NO_HEADERS,
    context: context.isControlBatch ? context : { ...context, isControlBatch: true },
  });
}
