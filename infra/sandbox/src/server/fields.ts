import { invalid } from './refusal.ts';

const LONGEST_TEXT = 200;
const MOST_ITEMS = 200;

/** One line of a shipment. */
export interface Item {
  readonly sku: string;
  readonly quantity: number;
}

/** The body as an object, or 400. */
export function objectBody(body: unknown): Readonly<Record<string, unknown>> {
  if (!isObject(body)) throw invalid('/', 'must be a JSON object; send content-type application/json.');
  return body;
}

/** 1 to 200 characters (code points, as JSON Schema counts them), or 400. */
export function text(body: Readonly<Record<string, unknown>>, name: string, at = ''): string {
  const value = body[name];
  if (typeof value !== 'string' || value.length === 0 || charactersIn(value) > LONGEST_TEXT) {
    throw invalid(`${at}/${name}`, `must be text of 1 to ${LONGEST_TEXT} characters.`);
  }
  return value;
}

/** A text of more than twice as many code units is too long in any case, and is not counted. */
const charactersIn = (value: string): number => (value.length > 2 * LONGEST_TEXT ? value.length : [...value].length);

/** A whole number, 1 or more, that JSON carries exactly, or 400. */
export function positiveInteger(body: Readonly<Record<string, unknown>>, name: string, at = ''): number {
  const value = body[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
    throw invalid(`${at}/${name}`, 'must be a whole number, 1 or more.');
  }
  return value;
}

/** A whole number between two, or 400. */
export function wholeNumber(
  body: Readonly<Record<string, unknown>>,
  name: string,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  const value = body[name];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    throw invalid(`/${name}`, `must be a whole number from ${least} to ${most}.`);
  }
  return value;
}

/** Three capital dead letters, or 400. */
export function currency(body: Readonly<Record<string, unknown>>): string {
  const value = body.currency;
  if (typeof value !== 'string' || !/^[A-Z]{3}$/.test(value)) {
    throw invalid('/currency', 'must be an ISO 4217 code of three capital letters, such as USD.');
  }
  return value;
}

/** 1 to 200 lines of `{sku, quantity}`, or 400. */
export function items(body: Readonly<Record<string, unknown>>): readonly Item[] {
  const value = body.items;
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_ITEMS) {
    throw invalid('/items', `must be a list of 1 to ${MOST_ITEMS} items.`);
  }
  return value.map((item: unknown, index) => {
    const at = `/items/${index}`;
    if (!isObject(item)) throw invalid(at, 'must be an object {sku, quantity}.');
    return { sku: text(item, 'sku', at), quantity: positiveInteger(item, 'quantity', at) };
  });
}

/** 1 to 255 printable characters, or 400. */
export function idempotencyKey(header: string | string[] | undefined): string {
  if (typeof header !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(header)) {
    throw invalid('header idempotency-key', 'must be sent, with 1 to 255 printable characters and no spaces.');
  }
  return header;
}

/** A number of a query between `least` and `most`, its default when it is missing, or 400. */
export function queryInteger(
  query: URLSearchParams,
  name: string,
  range: { least: number; most: number; default: number },
): number {
  const value = query.get(name);
  if (value === null) return range.default;
  const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= range.least && number <= range.most)) {
    throw invalid(`query ${name}`, `must be a whole number from ${range.least} to ${range.most}.`);
  }
  return number;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
