import { fileURLToPath } from 'node:url';
import { ensureTopics, type ServiceName } from '@troupe/embedded';
import { nodeSpec } from '../node-spec.ts';
import type { Peer } from '../peer.ts';
import { execute, TABLES } from '../tables.ts';
import { MESSAGING_TABLES } from './outbox.ts';
import { servicesOf } from './services.ts';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));
const PARTITIONS = 6;

/** Choreography as tutorials show it: a process and a database for each service. */
export const tutorial: Peer = {
  name: 'tutorial',
  kafka: true,
  async start({ ground, calls, packages, settings: settingsFor }) {
    const names = servicesOf(calls);
    const { addresses } = ground;
    const databaseUrl = (part: ServiceName): string => addresses.databaseUrl(part);
    await Promise.all(names.map((name) => execute(databaseUrl(name), TABLES[name] + MESSAGING_TABLES)));
    await ensureTopics(
      addresses.brokers,
      names.map((name) => ({ name: `${name}.events`, partitions: PARTITIONS })),
    );
    const children = await Promise.all(
      names.map(async (name) => {
        const settings = await settingsFor({ databaseUrl: databaseUrl(name) });
        const child = await ground.run(nodeSpec({ name, args: [MAIN, name], settings, packages }));
        return { name, port: settings.port, child };
      }),
    );
    const order = children.find(({ name }) => name === 'order');
    return {
      orderUrl: `http://127.0.0.1:${order?.port}/orders`,
      databaseUrl,
      pause: () => {
        const others = children.filter(({ name }) => name !== 'order');
        for (const { child } of others) child.kill('SIGSTOP');
        return () => {
          for (const { child } of others) child.kill('SIGCONT');
        };
      },
    };
  },
};
