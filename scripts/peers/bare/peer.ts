import { servicesOf } from '../choreography/services.ts';
import { choreography } from '../choreography/start.ts';
import { MESSAGING_TABLES } from './steps.ts';

/**
 * The least that our shape costs with the libraries that we use: batches, one transaction and one publish for each, and
 * nothing that makes a choreography safe or seen. It makes every call in any case.
 */
export const bare = choreography({
  name: 'bare',
  messagingTables: MESSAGING_TABLES,
  servicesOf: () => servicesOf('same'),
});
