import { fileURLToPath } from 'node:url';

/** The program of each sandbox, to be run by Node.js; beside it, its environment with the defaults. `HOST` is 127.0.0.1. */
export const programs = {
  /** `PORT` 3011, `DATA_DIR` */
  provider: fileURLToPath(new URL('./provider.js', import.meta.url)),
  /** `PORT` 3012, `DATA_DIR` */
  carrier: fileURLToPath(new URL('./carrier.js', import.meta.url)),
  /** `PORT` 3026, `SMTP_PORT` 3025, `DATA_DIR` */
  mailbox: fileURLToPath(new URL('./mailbox.js', import.meta.url)),
} as const;
