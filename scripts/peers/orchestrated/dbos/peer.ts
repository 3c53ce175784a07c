import { fileURLToPath } from 'node:url';
import { query } from '../../../src/stack/database.ts';
import { ALL_TABLES } from '../../business/tables.ts';
import { nodeSpec } from '../../node-spec.ts';
import type { Peer } from '../../peer.ts';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));

/** A library that keeps a journal of each step in PostgreSQL: one process. */
export const dbos: Peer = {
  name: 'dbos',
  kafka: false,
  async start({ ground, packages, settings: settingsFor }) {
    const databaseUrl = ground.addresses.databaseUrl('order');
    await query(databaseUrl, ALL_TABLES);
    const settings = await settingsFor({ databaseUrl });
    await ground.run(nodeSpec({ name: 'app', args: [MAIN], settings, packages }));
    return { orderUrl: `http://127.0.0.1:${settings.port}/orders`, databaseUrl: () => databaseUrl };
  },
};
