import { z } from 'zod';

/** Who acts, for the audit trail of the service: as its header X-Operator takes it. */
export const operator = z
  .string()
  .regex(/^[\x21-\x7e]{1,64}$/, 'must be your name in 1 to 64 visible ASCII characters, without spaces');

/** Why: one line. The service has the last word on it. An empty one counts as none. */
export const words = z
  .string()
  .trim()
  .max(500)
  .transform((said) => (said === '' ? undefined : said));
