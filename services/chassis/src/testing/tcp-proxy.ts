import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a server, whatever is spoken on it, that can lose connections and answers. */
export interface TcpProxy {
  /** The server's URL, through the proxy. */
  readonly url: string;
  /** The next answers, so many, are not passed on: what was asked has been done, and the connection is lost. */
  loseAnswers(count: number): void;
  /** Resets every connection, in the middle of whatever it carries. */
  cutAll(): void;
  close(): Promise<void>;
}

/** @param target with a port: `http://127.0.0.1:3011` */
export async function tcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  const connections = new Set<Socket>();
  let toLose = 0;
  const server = createServer((client) => {
    const there = connect(Number(port), hostname);
    connections.add(client);
    const cut = (): void => {
      connections.delete(client);
      client.resetAndDestroy();
      there.destroy();
    };
    client.on('data', (chunk) => there.write(chunk));
    there.on('data', (chunk) => {
      if (toLose === 0) return void client.write(chunk);
      toLose -= 1;
      cut();
    });
    for (const end of [client, there]) end.on('error', cut).on('close', cut);
  });
  await listening(server);
  const url = Object.assign(new URL(target), { port: String((server.address() as { port: number }).port) });
  return {
    url: url.href.replace(/\/$/, ''),
    loseAnswers(count) {
      toLose = count;
    },
    cutAll() {
      for (const client of connections) client.resetAndDestroy();
    },
    async close() {
      for (const client of connections) client.resetAndDestroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}
