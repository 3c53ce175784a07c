import { type ActorSource, actorInHeader } from '@troupe/chassis';

/** On whose behalf a request acts. Tokens will replace the header here, and nothing else will change. */
export const actingCustomers: ActorSource = actorInHeader({
  header: 'X-Customer-Id',
  who: 'customer',
  description: 'The acting customer.',
  otherwise: 'demo',
});
