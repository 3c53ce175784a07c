import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { httpDoesNotAnswer, StartError } from '@troupe/embedded';
import { HttpClient } from '../../../src/measure/http-client.ts';
import { query } from '../../../src/stack/database.ts';
import { ALL_TABLES } from '../../business/tables.ts';
import { nodeSpec, portDoesNotAnswer } from '../../node-spec.ts';
import type { Peer, PeerPlace } from '../../peer.ts';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));

/** A server that keeps a journal of each step, and one process with all services of ours that it calls. */
export const restate: Peer = {
  name: 'restate',
  kafka: false,
  async start(place) {
    const { ground, packages } = place;
    const databaseUrl = ground.addresses.databaseUrl('order');
    await query(databaseUrl, ALL_TABLES);
    const settings = await place.settings({ databaseUrl });
    const app = nodeSpec({ name: 'app', args: [MAIN], settings, packages });
    const [server] = await Promise.all([
      startServer(place),
      ground.run({ ...app, env: { ...app.env, ...QUIET }, notReady: () => portDoesNotAnswer(settings.port) }),
    ]);
    await register(server.adminUrl, `http://127.0.0.1:${settings.port}`);
    return { orderUrl: `${server.ingressUrl}/fulfilment/place`, databaseUrl: () => databaseUrl };
  },
};

/** Its SDK writes two lines for each invocation otherwise. */
const QUIET = { RESTATE_LOGGING: 'WARN' };

interface Server {
  readonly ingressUrl: string;
  readonly adminUrl: string;
}

/** With the settings that it comes with, durability and partitions among them; only places and ports are ours. */
async function startServer({ ground, packages, dataDir, freePort }: PeerPlace): Promise<Server> {
  const ingress = await freePort();
  const admin = await freePort();
  const node = await freePort();
  const adminUrl = `http://127.0.0.1:${admin}`;
  await ground.run({
    name: 'restate',
    command: path.join(
      packages,
      `node_modules/@restatedev/restate-server-${process.platform}-${process.arch}/bin/restate-server`,
    ),
    args: [],
    env: {
      PATH: process.env.PATH,
      RESTATE_BASE_DIR: path.join(dataDir, 'restate'),
      RESTATE_NODE_NAME: 'bench',
      RESTATE_DISABLE_TELEMETRY: 'true',
      RESTATE_LOG_DISABLE_ANSI_CODES: 'true',
      RESTATE_BIND_ADDRESS: `127.0.0.1:${node}`,
      RESTATE_ADVERTISED_ADDRESS: `http://127.0.0.1:${node}`,
      RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
      RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingress}`,
    },
    notReady: () => httpDoesNotAnswer(`${adminUrl}/health`),
    readyWithinMs: 60_000,
    stopSignals: ['SIGTERM'],
    stopWithinMs: 15_000,
  });
  return { ingressUrl: `http://127.0.0.1:${ingress}`, adminUrl };
}

async function register(adminUrl: string, uri: string): Promise<void> {
  const client = new HttpClient();
  try {
    const { status, body } = await client.post(`${adminUrl}/deployments`, { uri });
    if (status !== 201) throw new StartError([`Restate did not take the services: ${status} ${JSON.stringify(body)}`]);
  } finally {
    client.close();
  }
}
