import type { Sql } from '../database.ts';
import type { KafkaRecord } from '../kafka/record.ts';

/** A record that cannot be handled, and why. */
export interface DeadLetter {
  readonly record: KafkaRecord;
  readonly code: string;
  readonly reason: string;
}

/** Sets records aside with their bytes, in the transaction that goes on without them. One statement. */
export async function setAside(tx: Sql, letters: readonly DeadLetter[]): Promise<void> {
  await tx.$executeRawUnsafe(
    `INSERT INTO dead_letter (topic, partition, "offset", event_id, key, value, headers, error_code, error_message)
     SELECT topic, partition, "offset", id, decode(key, 'base64'), decode(value, 'base64'), headers::jsonb, code, reason
     FROM unnest($1::text[], $2::int[], $3::text[]::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
       AS d(topic, partition, "offset", id, key, value, headers, code, reason)
     ON CONFLICT DO NOTHING`,
    letters.map(({ record }) => record.topic),
    letters.map(({ record }) => record.partition),
    letters.map(({ record }) => record.offset),
    letters.map(({ record }) => storable(record.headers.ce_id ?? null)),
    letters.map(({ record }) => record.key?.toString('base64') ?? null),
    letters.map(({ record }) => record.value?.toString('base64') ?? null),
    letters.map(({ record }) => storedHeaders(record)),
    letters.map(({ code }) => code),
    letters.map(({ reason }) => storable(reason.slice(0, 2000))),
  );
}

/** PostgreSQL's text and jsonb hold no NUL and no lone surrogate; both can be in what a stranger sent. */
function storable<T extends string | null>(text: T): T {
  return (text === null ? null : text.toWellFormed().replaceAll('\u0000', '\ufffd')) as T;
}

function storedHeaders(record: KafkaRecord): string {
  const entries = Object.entries(record.headers).map(([name, value]) => [storable(name), storable(value)]);
  return JSON.stringify(Object.fromEntries(entries));
}
