import { type Codec, UndecodableMessage } from '@troupe/schemas';
import type { FeedRecord } from '../feed/feed.ts';
import { detailsOf } from './details.ts';
import { shown } from './text.ts';

/** One record as a person reads it. All text is safe to print. */
export interface Seen {
  readonly kind: 'event' | 'dead letter' | 'unreadable';
  /** `ce_id`; of a record without one, its place. */
  readonly id: string;
  /** The saga: the record's key. */
  readonly orderId: string;
  /** `ce_causationid`, when there is one. */
  readonly cause: string | undefined;
  /** Milliseconds since 1970; when the event happened, else when it was written. */
  readonly at: number;
  /** Who said it; of a dead letter, the consumer group that could not handle it. */
  readonly service: string;
  /** `OrderCreated` */
  readonly name: string;
  readonly details: string;
  /** What the event says, as it came: not safe to print. Empty when it cannot be read. */
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * Reads a record. One that cannot be decoded is shown as such. Throws RegistryUnavailable when its schema is not known
 * yet: have the codec learn the value first.
 */
export function seen(record: FeedRecord, codec: Codec): Seen {
  const { headers, topic, partition, offset } = record;
  const place = `${topic}/${partition}@${offset}`;
  const [service = topic, kind] = topic.split(/\.(?=[^.]*$)/);
  const common = {
    id: headers.ce_id ?? place,
    orderId: shown(record.key ?? headers.ce_correlationid ?? '', 64),
    cause: headers.ce_causationid,
    at: timeOf(record),
    service,
  };
  const named = shown(headers.ce_type?.split('.').at(-1) ?? 'unknown event', 64);
  const content = contentOf(record, codec);
  const data = 'fault' in content ? {} : content.data;
  if (kind === 'dlq') return { ...common, kind: 'dead letter', name: named, details: whyDead(record, content), data };
  if ('fault' in content) {
    const details =
      record.unreadable === undefined ? `${place} cannot be read: ${content.fault}` : `${place}: ${content.fault}`;
    return { ...common, kind: 'unreadable', name: named, details, data };
  }
  return { ...common, kind: 'event', name: content.name, details: detailsOf(data), data };
}

type Content = { readonly name: string; readonly data: Seen['data'] } | { readonly fault: string };

function contentOf({ value, unreadable }: FeedRecord, codec: Codec): Content {
  if (unreadable !== undefined) return { fault: unreadable };
  if (value === null) return { fault: 'The record has no value.' };
  try {
    const { type, data } = codec.decode(value);
    return { name: type.messageName, data: { ...data } };
  } catch (error) {
    if (error instanceof UndecodableMessage) return { fault: `${shown(error.message, 200)} ${bytesOf(value)}` };
    throw error;
  }
}

function whyDead({ headers }: FeedRecord, content: Content): string {
  const header = (name: string): string => headers[`x-${name}`] ?? '?';
  const from = `${header('original-topic')}/${header('original-partition')}@${header('original-offset')}`;
  const what = 'fault' in content ? 'not readable' : detailsOf(content.data);
  const error = shown(`${header('error-class')}: ${header('error-message')}`, 200);
  return `${error} (from ${shown(from)}, attempts: ${shown(header('attempts'))}; ${what})`;
}

function timeOf({ headers, timestampMs }: FeedRecord): number {
  const at = Date.parse(headers.ce_time ?? '');
  return Number.isNaN(at) ? timestampMs : at;
}

function bytesOf(value: Buffer): string {
  const first = value.toString('hex', 0, 16);
  return `(${value.length} bytes: ${first}${value.length > 16 ? '…' : ''})`;
}
