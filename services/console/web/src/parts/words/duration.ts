export { durationOf, figureOf, shortDurationOf } from '../../../../src/saga/words.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How old something is, or how far off, for figures that tick: whole seconds. */
export function age(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / SECOND));
  return whole < 60 ? `${whole} s` : long(whole * SECOND);
}

/** With tenths up to a minute: for the one saga that is looked at, and for the live mark. */
export const preciseAge = (ms: number): string => {
  const tenths = Math.max(0, Math.floor(ms / 100));
  return tenths < 600 ? `${(tenths / 10).toFixed(1)} s` : age(ms);
};

function long(ms: number): string {
  const seconds = Math.round(ms / SECOND);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  const minutes = Math.floor(seconds / 60);
  if (ms < DAY) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
  const hours = Math.floor(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** The spans that a filter takes: `30s`, `5m`, `1h`, `2d`. Undefined: not one. */
export function parseSpan(text: string): number | undefined {
  const found = /^(\d{1,6})(s|m|h|d)$/.exec(text);
  if (found === null) return undefined;
  const units: Record<string, number> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY };
  return Number(found[1]) * (units[found[2] as string] as number);
}
