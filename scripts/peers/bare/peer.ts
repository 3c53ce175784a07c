import { fileURLToPath } from 'node:url';
import { serviceNames } from '@troupe/embedded';
import { choreography } from '../choreography.ts';
import { MESSAGING_TABLES } from './steps.ts';

/**
 * The least that our shape costs with the libraries that we use: batches, one transaction and one publish for each, and
 * nothing that makes a choreography safe or seen.
 */
export const bare = choreography({
  name: 'bare',
  main: fileURLToPath(new URL('./main.js', import.meta.url)),
  messagingTables: MESSAGING_TABLES,
  servicesOf: () => serviceNames,
});
