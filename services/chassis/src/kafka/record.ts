import type { RawHeader, Unreadable } from './batches/fetched-message.ts';

/** What a record says in full, where its texts and numbers do not. */
export interface Original {
  /** Decimal milliseconds; any of 64 bits. */
  readonly timestamp: string;
  /** In their order, also those of one name. */
  readonly headers: readonly RawHeader[];
}

/** One record as it came from the broker, before anything was believed about it. */
export interface KafkaRecord {
  readonly topic: string;
  readonly partition: number;
  /** Decimal, as it may exceed 2^53. */
  readonly offset: string;
  /** Milliseconds since 1970-01-01 UTC, set by the broker or producer. */
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** The last value of each header, as text. */
  readonly headers: Readonly<Record<string, string>>;
  /** Instead of a record, a whole batch that cannot be read: its bytes are the value, its last offset is the offset. */
  readonly unreadable?: Unreadable;
  /** Costs something: asked for when the record is set aside. Absent: the above says all. */
  original?(): Original;
}

/** The headers of a record with all their bytes. */
export function rawHeadersOf(record: KafkaRecord): readonly RawHeader[] {
  const asText = (): RawHeader[] =>
    Object.entries(record.headers).map(([name, text]) => ({ name: Buffer.from(name), value: Buffer.from(text) }));
  return record.original?.().headers ?? asText();
}

/** Where a consumer puts what it has fetched: the batch loop. */
export interface RecordSink {
  /**
   * Takes records in order; never throws. `room` resolves when the sink wants more: a consumer that waits for it before
   * it fetches again keeps memory bounded, and batches whole. `handled` resolves when every record's effect is committed
   * (or it was a duplicate, ignored, or set aside): only then may its offset be committed. It never rejects: a failure
   * that can pass is waited out inside.
   */
  push(records: readonly KafkaRecord[]): { readonly room: Promise<void>; readonly handled: Promise<void> };
}

const strictly = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A key as text, if it is UTF-8 that PostgreSQL can store as text. */
export function textOf(bytes: Buffer | null): string | undefined {
  if (bytes === null || bytes.includes(0)) return undefined;
  try {
    return strictly.decode(bytes);
  } catch {
    return undefined;
  }
}
