import type { Item, Money } from '../../../../src/contract/saga.ts';

const formats = new Map<string, Intl.NumberFormat>();

/** `$85.98`. Minor units become what the currency has: yen have none. */
export function money({ amount, currency }: Money): string {
  let format = formats.get(currency);
  if (format === undefined) {
    format = moneyFormat(currency);
    formats.set(currency, format);
  }
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** Sums of many orders, without minor units: `$16,080`. Below 1,000 they keep them. */
export function roundMoney({ amount, currency }: Money): string {
  const exact = money({ amount, currency });
  return amount < 100_000 ? exact : exact.replace(/[.,]\d{2}$/, '');
}

/** A code that is no currency is shown as it came: it is somebody's data. */
function moneyFormat(currency: string): Intl.NumberFormat {
  try {
    return new Intl.NumberFormat('en-US', { style: 'currency', currency });
  } catch {
    return new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  }
}

const whole = new Intl.NumberFormat('en-US');
/** `42,495` */
export const count = (value: number): string => whole.format(value);

/** `1 saga`, `1,204 sagas` */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** `2 × SKU-014, 1 × SKU-001` */
export const itemsWords = (items: readonly Item[]): string =>
  items.map(({ sku, quantity }) => `${quantity} × ${sku}`).join(', ');

/** `12.5 MB` */
export function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  if (value < 1_000_000) return `${(value / 1000).toFixed(1)} kB`;
  if (value < 1_000_000_000) return `${(value / 1_000_000).toFixed(value < 10_000_000 ? 1 : 0)} MB`;
  return `${(value / 1_000_000_000).toFixed(1)} GB`;
}

/** A rate: `0.4`, `12.1`, `1,043`. */
export const rate = (perSecond: number): string =>
  perSecond === 0 ? '0' : perSecond < 100 ? perSecond.toFixed(1) : count(Math.round(perSecond));

/** The last eight characters of an id. Its first ones are the time (UUID version 7): orders of one minute share them. */
export const shortId = (id: string): string => (id.length > 12 ? id.slice(-8) : id);
