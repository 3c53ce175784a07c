/** The counters show the last half hour, a bar a minute. */
export const MINUTES = 30;
export const MINUTE_MS = 60_000;
