import { type BatchContext, FetchedMessage, NO_HEADERS } from './fetched-message.ts';

/** Stands for aborted or compacted offsets. It looks like a control record, so kafkajs reads on behind it. */
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
