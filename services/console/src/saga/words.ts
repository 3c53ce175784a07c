import type { Money } from '../contract/saga.ts';

/** In a sentence: "0.9 s", "42 s", "6 min 2 s", "1 h 5 min". Two units at most, tenths below ten seconds. */
export const durationOf = (ms: number): string => lengthOf(ms, 9_950);

/** As a figure of a drawing or a table: "171 ms", "42.2 s", "6 min 2 s". Tenths below a minute. */
export const figureOf = (ms: number): string => lengthOf(ms, 59_950);

/** In six figures at most, where there is no room for two units: "186 ms", "4.7 s", "47 s", "12 min". */
export function shortDurationOf(ms: number): string {
  if (ms < 99_500) return ms < 59_500 ? durationOf(ms) : `${Math.round(ms / 1_000)} s`;
  const minutes = Math.round(ms / 60_000);
  return durationOf(minutes * 60_000)
    .split(' ', 2)
    .join(' ');
}

function lengthOf(ms: number, tenthsBelow: number): string {
  const whole = Math.max(0, Math.round(ms));
  if (whole < 1_000) return `${whole} ms`;
  if (whole < tenthsBelow) return `${Number((whole / 1_000).toFixed(1))} s`;
  const seconds = Math.round(whole / 1_000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return twoUnits([Math.floor(seconds / 60), 'min'], [seconds % 60, 's'], 10);
  const minutes = Math.round(seconds / 60);
  if (minutes < 1_440) return twoUnits([Math.floor(minutes / 60), 'h'], [minutes % 60, 'min'], 10);
  return twoUnits([Math.floor(minutes / 1_440), 'd'], [Math.floor((minutes % 1_440) / 60), 'h'], 7);
}

/** The smaller unit is left out where it is nothing, and where the larger one says enough. */
function twoUnits(large: readonly [number, string], small: readonly [number, string], enough: number): string {
  const [count] = large;
  return (small[0] === 0 || count >= enough ? [large] : [large, small]).flat().join(' ');
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
