import { servicesOf } from '../choreography/services.ts';
import { choreography } from '../choreography/start.ts';
import { MESSAGING_TABLES } from './outbox.ts';

/** Choreography as tutorials show it: a transaction for each message. */
export const tutorial = choreography({ name: 'tutorial', messagingTables: MESSAGING_TABLES, servicesOf });
