/** A length of time as it is written in the drawing: three figures at most, one unit, two from a minute on. */
export function duration(ms: number): string {
  const length = Math.max(0, ms);
  if (length < 999.5) {
    return `${Math.round(length)} ms`;
  }
  const seconds = length / 1000;
  if (seconds < 59.95) {
    return `${(seconds < 9.995 ? seconds.toFixed(1) : seconds < 100 ? seconds.toFixed(1) : String(Math.round(seconds))).replace(/\.0$/, '')} s`;
  }
  const whole = Math.round(seconds);
  if (whole < 3600) {
    return withRest(Math.floor(whole / 60), 'min', whole % 60, 's', 10);
  }
  const minutes = Math.round(whole / 60);
  return minutes < 1440
    ? withRest(Math.floor(minutes / 60), 'h', minutes % 60, 'min', 10)
    : withRest(Math.floor(minutes / 1440), 'd', Math.floor((minutes % 1440) / 60), 'h', 7);
}

const withRest = (count: number, unit: string, rest: number, small: string, until: number): string =>
  rest === 0 || count >= until ? `${count} ${unit}` : `${count} ${unit} ${rest} ${small}`;

/** The allowed time of a declaration: never with a fraction. */
export const allowed = (ms: number): string => duration(Math.round(ms / 1000) * 1000 || ms);

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
    ? duration(ms)
    : `${(ms / 1000).toFixed(2).replace(/0+$/, '').replace(/\.$/, '')} s`;
}
