import { fileURLToPath } from 'node:url';
import { choreography } from '../choreography.ts';
import { MESSAGING_TABLES } from './outbox.ts';
import { servicesOf } from './services.ts';

/** Choreography as tutorials show it: a transaction for each message. */
export const tutorial = choreography({
  name: 'tutorial',
  main: fileURLToPath(new URL('./main.js', import.meta.url)),
  messagingTables: MESSAGING_TABLES,
  servicesOf,
});
