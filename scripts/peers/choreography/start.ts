import { fileURLToPath } from 'node:url';
import { ensureTopics } from '@troupe/embedded';
import { standStill } from '../../src/measure/site.ts';
import { query } from '../../src/stack/database.ts';
import { type Part, TABLES } from '../business/tables.ts';
import { nodeSpec } from '../node-spec.ts';
import type { Peer, PeerName } from '../peer.ts';
import type { Calls, PeerSettings } from '../settings.ts';
import type { Message } from './message.ts';
import type { Service, Steps } from './services.ts';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));
const PARTITIONS = 6;

/** How the services of a choreography run. */
export interface Runtime {
  readonly steps: Steps;
  /** Runs a service in this process. What it resolves with takes an order that came by HTTP. */
  run(service: Service, settings: PeerSettings): Promise<(message: Message) => Promise<void>>;
}

export interface Choreography {
  readonly name: PeerName;
  /** Of inbox and outbox: in each database. */
  readonly messagingTables: string;
  servicesOf(calls: Calls): readonly Part[];
}

/** A peer with a process and a database for each service, which talk over Kafka. */
export function choreography({ name, messagingTables, servicesOf }: Choreography): Peer {
  return {
    name,
    kafka: true,
    async start({ ground, calls, packages, settings: settingsFor }) {
      const names = servicesOf(calls);
      const { brokers, databaseUrl } = ground.addresses;
      await Promise.all(names.map((part) => query(databaseUrl(part), TABLES[part] + messagingTables)));
      await ensureTopics(
        brokers,
        names.map((part) => ({ name: `${part}.events`, partitions: PARTITIONS })),
      );
      const children = await Promise.all(
        names.map(async (part) => {
          const settings = await settingsFor({ databaseUrl: databaseUrl(part) });
          const child = await ground.run(nodeSpec({ name: part, args: [MAIN, name, part], settings, packages }));
          return { part, port: settings.port, child };
        }),
      );
      const others = children.filter(({ part }) => part !== 'order').map(({ child }) => child);
      return {
        orderUrl: `http://127.0.0.1:${children.find(({ part }) => part === 'order')?.port}/orders`,
        databaseUrl,
        pause: () => standStill(others),
      };
    },
  };
}
