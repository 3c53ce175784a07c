import { servicesOf } from '../choreography/services.ts';
import { choreography } from '../choreography/start.ts';
import { MESSAGING_TABLES } from './steps.ts';

/**
 * The least that a choreography in batches costs with our libraries: one transaction and one publish for each batch, and nothing
 * that makes it safe or observable. It makes every call in any case.
 */
export const bare = choreography({
  name: 'bare',
  messagingTables: MESSAGING_TABLES,
  servicesOf: () => servicesOf('same'),
});
