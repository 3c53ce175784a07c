import { fileURLToPath } from 'node:url';
import { serviceNames } from '@troupe/embedded';
import { nodeSpec } from '../node-spec.ts';
import type { Peer } from '../peer.ts';
import { execute, TABLES } from '../tables.ts';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));

/** A library that keeps a journal of each step in PostgreSQL: one process. */
export const dbos: Peer = {
  name: 'dbos',
  kafka: false,
  async start({ ground, packages, settings: settingsFor }) {
    const databaseUrl = ground.addresses.databaseUrl('order');
    await execute(databaseUrl, serviceNames.map((part) => TABLES[part]).join(''));
    const settings = await settingsFor({ databaseUrl });
    await ground.run(nodeSpec({ name: 'app', args: [MAIN], settings, packages }));
    return { orderUrl: `http://127.0.0.1:${settings.port}/orders`, databaseUrl: () => databaseUrl };
  },
};
