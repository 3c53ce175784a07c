import { connect, createServer, type Socket } from 'node:net';

/** A client, and the connection to the server that it is passed on by. */
export interface ProxiedConnection {
  readonly client: Socket;
  readonly server: Socket;
  /** Resets both, in the middle of whatever they carry. */
  cut(): void;
}

export interface Proxy {
  /** The target, through the proxy. */
  readonly url: URL;
  readonly connections: ReadonlySet<ProxiedConnection>;
  cutAll(): void;
  close(): Promise<void>;
}

/**
 * A way to a server, on a free port.
 *
 * @param target with a port: `http://127.0.0.1:3011`
 * @param pass makes each new connection carry what is sent on it
 */
export async function startProxy(target: URL, pass: (connection: ProxiedConnection) => void): Promise<Proxy> {
  const connections = new Set<ProxiedConnection>();
  const proxy = createServer((client) => {
    const server = connect(Number(target.port), target.hostname);
    const cut = (): void => {
      connections.delete(connection);
      client.resetAndDestroy();
      server.destroy();
    };
    const connection = { client, server, cut };
    connections.add(connection);
    for (const end of [client, server]) end.on('error', cut).on('close', cut);
    pass(connection);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as { port: number };
  const cutAll = (): void => {
    for (const { cut } of [...connections]) cut();
  };
  return {
    url: Object.assign(new URL(target), { port: String(port) }),
    connections,
    cutAll,
    async close() {
      cutAll();
      await new Promise((closed) => proxy.close(closed));
    },
  };
}
