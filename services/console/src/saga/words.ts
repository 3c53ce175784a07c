import type { Money } from '../contract/saga.ts';

/** "0.9 s", "42 s", "6 min 2 s", "1 h 5 min": the two largest units, tenths below ten seconds. */
export function durationOf(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  if (whole < 1_000) return `${whole} ms`;
  const seconds = whole / 1_000;
  if (seconds < 9.95) return `${seconds.toFixed(1).replace(/\.0$/, '')} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  const rest = Math.round(seconds) - minutes * 60;
  if (minutes < 60) return rest === 0 || minutes >= 10 ? `${minutes} min` : `${minutes} min ${rest} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** "1,204". */
export const countOf = (count: number | bigint): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

const SIGNS: Readonly<Record<string, string>> = { USD: '$', EUR: '€', GBP: '£' };

/** "$85.98"; of a currency without a sign of its own "85.98 CHF". */
export function moneyText({ amount, currency }: Money): string {
  const [whole = '0', cents = '00'] = (Math.abs(amount) / 100).toFixed(2).split('.');
  const digits = `${amount < 0 ? '-' : ''}${countOf(Number(whole))}.${cents}`;
  const sign = SIGNS[currency];
  return sign === undefined ? `${digits} ${currency}` : `${sign}${digits}`;
}

/** The time of day in UTC: "02:13:04". */
export const clockOf = (moment: string | number): string =>
  typeof moment === 'string' && UTC.test(moment) ? moment.slice(11, 19) : new Date(moment).toISOString().slice(11, 19);

const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/** "a", "a or b", "a, b or c". */
export const eitherOf = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;

/** "a", "a and b", "a, b and c". */
export const allOf = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** What matters in a sentence. */
export const strong = (text: string): string => `**${text.replaceAll('**', '')}**`;
