import { createServer } from 'node:net';
import type { PortName, Ports } from '../settings.ts';
import { defaultPorts } from '../settings.ts';

/** A free port for each, held together until all are known, so that no two are the same. */
export async function freePorts(): Promise<Ports> {
  const names = Object.keys(defaultPorts) as PortName[];
  const servers = await Promise.all(names.map(() => listen(0)));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return Object.fromEntries(names.map((name, index) => [name, ports[index]])) as Ports;
}

function listen(port: number): Promise<ReturnType<typeof createServer>> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server));
  });
}
