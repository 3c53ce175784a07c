import { z } from 'zod';
import { control, emptyOrTooLong, unstorable } from '../../rules/text-faults.ts';

/** A UUID with hyphens, of any version. Upper case is folded, since people paste ids from everywhere. */
export const id = z.guid().toLowerCase();

/** One line: 1 to `max` characters (code points), none of them a control character. Nothing is trimmed or changed. */
export const text = (max: number) =>
  checked(z.string(), max, 1, (value) => emptyOrTooLong(value, max) ?? unstorable(value) ?? control(value));

/** Any text of `min` to `max` characters (code points): zod's own `max` counts units of a JavaScript string. */
export const bounded = (max: number, min: 0 | 1 = 1) =>
  checked(z.string(), max, min, (value) => (value === '' && min === 0 ? undefined : emptyOrTooLong(value, max)));

const LONGEST_REASON = 200;

/** Why a person acts, for the audit trail and those who read it: one line of 1 to 200 characters (code points), trimmed. */
export const reason = checked(z.string().trim(), LONGEST_REASON, 1, (value) => {
  const isPlain = !/[\p{Cc}\p{Cs}]/u.test(value);
  return emptyOrTooLong(value, LONGEST_REASON) ?? (isPlain ? undefined : NOT_PLAIN);
});
const NOT_PLAIN = 'must be plain text on one line, without control characters';

/** @param faultOf what is wrong with a value, as the end of a sentence; undefined when nothing is */
function checked(schema: z.ZodString, max: number, min: number, faultOf: (value: string) => string | undefined) {
  const refine = (value: string, context: z.RefinementCtx): void => {
    const message = faultOf(value);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  };
  return schema.superRefine(refine).meta({ minLength: min, maxLength: max });
}

const FIRST = '0001-01-01T00:00:00Z';
const LAST = '9999-12-31T23:59:59Z';
/** PostgreSQL keeps microseconds; it refuses a text that is longer than it expects. */
const FRACTION = /\.\d{1,6}/;

/** RFC 3339 with any offset, in the years 1 to 9999. Comes out in UTC, as PostgreSQL and JavaScript read it alike. */
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
