import { figureOf } from '../../../../../src/saga/words.ts';

/** The allowed time of a declaration: never with a fraction. */
export const allowed = (ms: number): string => figureOf(Math.round(ms / 1000) * 1000 || ms);

/** `02:13:07.241`, by the clock of whoever looks. */
export function clock(at: number, digits: 0 | 1 | 3 = 3): string {
  const date = new Date(at);
  const two = (part: number): string => String(part).padStart(2, '0');
  const whole = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return digits === 0 ? whole : `${whole}.${String(date.getMilliseconds()).padStart(3, '0').slice(0, digits)}`;
}

/** How long after the start, on the axis: to a hundredth of a second for the first minutes, so that neighbours differ. */
export function after(ms: number): string {
  return ms < 1000 || ms >= 300_000
    ? figureOf(ms)
    : `${(ms / 1000).toFixed(2).replace(/0+$/, '').replace(/\.$/, '')} s`;
}
