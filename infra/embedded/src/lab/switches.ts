import { slotOf } from '@troupe/deploy';
import type { ServiceName } from '@troupe/services';
import type { RelayName } from '../settings.ts';
import type { Context } from '../stack/context.ts';
import { holdRelay } from './held-relay.ts';
import { keptEnded } from './kept-ended.ts';

export interface Switch {
  readonly id: string;
  readonly group: 'Stop a service' | 'Hold something up';
  readonly title: string;
  readonly text: string;
  readonly service: string | null;
  /** True: makes the fault, and resolves when it is there. False: mends it. */
  turn(on: boolean): Promise<void>;
}

interface Asked {
  readonly services: readonly ServiceName[];
  readonly relay: RelayName;
  /** Kafka and the registry are processes of this stack, too. */
  readonly ownInfrastructure: boolean;
}

const SLOW_MS = 2_000;
const CARRIER_PATIENCE_MS = 5_000;

/** What can be broken here, in the order in which it is shown. */
export function switches(context: Context, { services, relay, ownInfrastructure }: Asked): readonly Switch[] {
  const ended = (name: string) => keptEnded(context, name);
  const held = (service: ServiceName) => holdRelay(context.addresses.adminUrl, service, slotOf(service));
  return [
    ...services.map((service): Switch => {
      const text = 'its process ends, and is kept ended';
      return { id: `stop-${service}`, group: 'Stop a service', title: service, text, service, turn: ended(service) };
    }),
    // The relay of Debezium is no relay of a service.
    ...(relay === 'debezium' || !services.includes('order')
      ? []
      : [outside('relay-order', "Pause order's relay", 'events stay in its outbox', held('order'), 'order')]),
    outside('provider-away', 'Payment provider away', 'calls wait, the circuit opens', ended('provider')),
    outside('carrier-slow', `Carrier answers in ${SLOW_MS / 1000} s`, 'shows where time goes', slowCarrier(context)),
    outside('carrier-away', 'Carrier away', 'parcels wait to be booked', ended('carrier')),
    ...(ownInfrastructure
      ? [
          outside('kafka-away', 'Kafka away', 'nothing reaches anybody; outboxes fill', ended('kafka')),
          outside('registry-away', 'Registry away', 'what is known is still read; new schemas wait', ended('registry')),
        ]
      : []),
  ];
}

function outside(id: string, title: string, text: string, turn: Switch['turn'], service: string | null = null): Switch {
  return { id, group: 'Hold something up', title, text, service, turn };
}

function slowCarrier({ addresses }: Context): Switch['turn'] {
  return async (on) => {
    const body = JSON.stringify({ ms: on ? SLOW_MS : 0 });
    const headers = { 'content-type': 'application/json' };
    const signal = AbortSignal.timeout(CARRIER_PATIENCE_MS);
    const asked = fetch(`${addresses.sandboxUrl('carrier')}/v1/slowness`, { method: 'POST', headers, body, signal });
    // A carrier that is away is quick again when it comes back.
    if (on) await asked;
    else await asked.catch(() => undefined);
  };
}
