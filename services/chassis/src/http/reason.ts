import { z } from 'zod';

/** Why a person acts, for the audit trail and those who read it: one line of 1 to 200 characters, trimmed. */
export const reason = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), 'A reason is plain text without control characters.');
