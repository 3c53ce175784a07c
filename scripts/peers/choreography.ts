import { ensureTopics, type ServiceName } from '@troupe/embedded';
import { nodeSpec } from './node-spec.ts';
import type { Peer, PeerName } from './peer.ts';
import type { Calls } from './settings.ts';
import { execute, TABLES } from './tables.ts';

const PARTITIONS = 6;

export interface Choreography {
  readonly name: PeerName;
  /** The program of each service; it is given the service's name. */
  readonly main: string;
  /** Of inbox and outbox: in each database. */
  readonly messagingTables: string;
  servicesOf(calls: Calls): readonly ServiceName[];
}

/** A peer with a process and a database for each service, which talk over Kafka. */
export function choreography({ name, main, messagingTables, servicesOf }: Choreography): Peer {
  return {
    name,
    kafka: true,
    async start({ ground, calls, packages, settings: settingsFor }) {
      const names = servicesOf(calls);
      const { addresses } = ground;
      const databaseUrl = (part: ServiceName): string => addresses.databaseUrl(part);
      await Promise.all(names.map((part) => execute(databaseUrl(part), TABLES[part] + messagingTables)));
      await ensureTopics(
        addresses.brokers,
        names.map((part) => ({ name: `${part}.events`, partitions: PARTITIONS })),
      );
      const children = await Promise.all(
        names.map(async (part) => {
          const settings = await settingsFor({ databaseUrl: databaseUrl(part) });
          const child = await ground.run(nodeSpec({ name: part, args: [main, part], settings, packages }));
          return { part, port: settings.port, child };
        }),
      );
      const order = children.find(({ part }) => part === 'order');
      return {
        orderUrl: `http://127.0.0.1:${order?.port}/orders`,
        databaseUrl,
        pause: () => {
          const others = children.filter(({ part }) => part !== 'order');
          for (const { child } of others) child.kill('SIGSTOP');
          return () => {
            for (const { child } of others) child.kill('SIGCONT');
          };
        },
      };
    },
  };
}
