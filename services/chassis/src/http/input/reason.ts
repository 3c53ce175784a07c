import { z } from 'zod';
import { emptyOrTooLong } from '../../rules/text-faults.ts';

const LONGEST = 200;

/** Why a person acts, for the audit trail and those who read it: one line of 1 to 200 characters (code points), trimmed. */
export const reason = z
  .string()
  .trim()
  .superRefine((value, context) => {
    const message = emptyOrTooLong(value, LONGEST) ?? (/[\p{Cc}\p{Cs}]/u.test(value) ? NOT_PLAIN : undefined);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .meta({ minLength: 1, maxLength: LONGEST });

const NOT_PLAIN = 'must be plain text on one line, without control characters';
