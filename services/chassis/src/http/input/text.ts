import { z } from 'zod';
import { control, emptyOrTooLong, unstorable } from '../../rules/text-faults.ts';

/**
 * One line of text from a client: 1 to `max` characters (code points), none of them a control character. Whatever
 * else Unicode has, such as emoji and right-to-left scripts, is welcome; nothing is trimmed or changed.
 */
export function text(max: number): z.ZodString {
  return z
    .string()
    .superRefine((value, context) => {
      const message = emptyOrTooLong(value, max) ?? unstorable(value) ?? control(value);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    })
    .meta({ minLength: 1, maxLength: max });
}

/**
 * Any text of `min` to `max` characters (code points). zod's own `max` counts the units of a JavaScript string, of which an emoji
 * has two, and says `maxLength` of it, which counts code points: a client that goes by the document would be refused.
 */
export function bounded(max: number, min: 0 | 1 = 1): z.ZodString {
  return z
    .string()
    .superRefine((value, context) => {
      const message = value === '' && min === 0 ? undefined : emptyOrTooLong(value, max);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    })
    .meta({ minLength: min, maxLength: max });
}
