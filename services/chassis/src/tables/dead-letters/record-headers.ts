import type { RawHeader } from '../../kafka/batches/fetched-message.ts';
import { textOf } from '../../kafka/record.ts';
import { storable } from '../../postgres/storable.ts';

/** More are nobody's, and each costs every reader of the record. */
const MOST_HEADERS = 500;
/** Around a value: quotes, a comma, `{"base64":""}`. */
const AROUND = 20;

/** Headers as the JSON of `x-original-headers`, and what of them did not fit. */
export interface HeadersJson {
  readonly json: string;
  /** Bytes that a header has, by the name of one that was cut. */
  readonly cut: ReadonlyMap<string, number>;
  readonly leftOut: number;
}

/**
 * `{"name": value}`: text where it is text that JSON keeps short, else `{"base64": …}`, null without a value; a list for a name
 * that is there more than once. So bytes take a third more at most, where as escaped text they took six times as much. When all of
 * it has no room, the largest values are cut to equal sizes, and then the last headers are left out.
 */
export function headersJson(headers: readonly RawHeader[], room: number): HeadersJson {
  const whole = fitted(headers, room, Number.POSITIVE_INFINITY);
  if (whole.leftOut === 0) return whole;
  const kept = headers.slice(0, MOST_HEADERS);
  const names = kept.reduce((sum, { name }) => sum + jsonSize(nameOf(name)) + AROUND, 0);
  const longest = equalShare(
    kept.map(({ value }) => value?.length ?? 0),
    // As base64, or as text that is not longer: see `valueJson`.
    Math.floor(((room - names) * 3) / 4),
  );
  return fitted(headers, room, longest);
}

function fitted(headers: readonly RawHeader[], room: number, longest: number): HeadersJson {
  const values = new Map<string, string[]>();
  const cut = new Map<string, number>();
  let left = room - 2;
  let count = 0;
  for (const { name, value } of headers) {
    const text = nameOf(name);
    const json = valueJson(value, longest);
    left -= (values.has(text) ? 0 : jsonSize(text)) + Buffer.byteLength(json) + 4;
    if (left < 0 || count === MOST_HEADERS) break;
    count += 1;
    values.set(text, [...(values.get(text) ?? []), json]);
    if (value !== null && value.length > longest) cut.set(text, value.length);
  }
  const entries = [...values].map(([name, of]) => `${JSON.stringify(name)}:${of.length > 1 ? `[${of}]` : of}`);
  return { json: entries.length === 0 ? '' : `{${entries}}`, cut, leftOut: headers.length - count };
}

function valueJson(value: Buffer | null, longest: number): string {
  if (value === null) return 'null';
  const bytes = value.subarray(0, longest);
  const text = JSON.stringify(textOf(bytes));
  const isShort = text !== undefined && Buffer.byteLength(text) <= (bytes.length * 4) / 3 + AROUND;
  return isShort ? text : JSON.stringify({ base64: bytes.toString('base64') });
}

const nameOf = (name: Buffer): string => storable(name.toString());
const jsonSize = (text: string): number => Buffer.byteLength(JSON.stringify(text));

/** The size to which the largest have to be cut, so that all have room together. */
export function equalShare(sizes: readonly number[], room: number): number {
  let left = Math.max(room, 0);
  const ascending = [...sizes].sort((one, other) => one - other);
  for (const [at, size] of ascending.entries()) {
    const share = Math.floor(left / (ascending.length - at));
    if (size > share) return share;
    left -= size;
  }
  return Number.POSITIVE_INFINITY;
}
