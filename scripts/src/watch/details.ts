import { shown } from './text.ts';

type Data = Readonly<Record<string, unknown>>;

/**
 * Fields that the line shows, in this order. Any event that has such a field shows it, also one that is newer than this list.
 */
const FIELDS: Readonly<Record<string, (value: unknown, data: Data) => string>> = {
  amount: (amount, { currency }) => money(Number(amount), String(currency ?? '')),
  items: (items) => (Array.isArray(items) ? itemsOf(items) : shown(String(items))),
  reason: text,
  carrier: text,
  trackingNumber: text,
  template: text,
  recipient: (recipient) => `to ${text(recipient)}`,
  attempts: (attempts) => `refused ${text(attempts)}×`,
  detail: (detail) => `“${text(detail)}”`,
  expiresAt: (at) => `until ${clock(Number(at))}`,
  nextAttemptAt: (at) => (at === null ? 'not tried again by itself' : `next try at ${clock(Number(at))}`),
};

/** The fields of an event that matter to who watches, in one line; untrusted text is made safe. */
export function detailsOf(data: Data): string {
  return Object.entries(FIELDS)
    .filter(([name]) => data[name] !== undefined)
    .map(([name, show]) => show(data[name], data))
    .join(', ');
}

/** `$25.00`, `25.00 EUR`. @param minor cents. */
export function money(minor: number, currency: string): string {
  const amount = (minor / 100).toFixed(2);
  return currency === 'USD' ? `$${amount}` : `${amount} ${shown(currency)}`;
}

/** Local time of day to the millisecond. */
export function clock(at: number): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return '??:??:??.???';
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
  return `${day}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

function itemsOf(items: readonly { readonly sku?: unknown; readonly quantity?: unknown }[]): string {
  const some = items.slice(0, 3).map((item) => `${text(item.quantity)} × ${text(item.sku)}`);
  return items.length > 3 ? `${some.join(', ')} and ${items.length - 3} more` : some.join(', ');
}

function text(value: unknown): string {
  return shown(String(value));
}
