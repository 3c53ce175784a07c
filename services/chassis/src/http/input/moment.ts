import { z } from 'zod';

const FIRST = '0001-01-01T00:00:00Z';
const LAST = '9999-12-31T23:59:59Z';
/** PostgreSQL keeps microseconds; it refuses a text that is longer than it expects. */
const FRACTION = /\.\d{1,6}/;

/**
 * A moment from a client: RFC 3339 with any offset, in the years 1 to 9999 of UTC. Comes out in UTC, in a form that
 * PostgreSQL and JavaScript read alike: PostgreSQL knows no year 0, and no offset of 16 hours or more.
 */
export const moment = z.iso
  .datetime({ offset: true })
  .pipe(z.string().refine(isKept, `must be a moment from ${FIRST} to ${LAST}`).transform(inUtc));

function isKept(text: string): boolean {
  const second = Math.floor(Date.parse(text) / 1_000) * 1_000;
  return second >= Date.parse(FIRST) && second <= Date.parse(LAST);
}

function inUtc(text: string): string {
  const [fraction = ''] = FRACTION.exec(text) ?? [];
  return `${new Date(text).toISOString().slice(0, 19)}${fraction}Z`;
}
