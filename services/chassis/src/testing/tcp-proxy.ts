import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a server, whatever is spoken on it, that can lose connections and answers. */
export interface TcpProxy {
  /** The server's URL, through the proxy. */
  readonly url: string;
  /** The next answers, so many, are not passed on: what was asked has been done, and the connection is lost. */
  loseAnswers(count: number): void;
  /** Resets every connection, in the middle of whatever it carries. */
  cutAll(): void;
  /** From now on no answer is passed on: what is asked is done, and connections stay open. */
  silence(): void;
  /** What was held back is heard, and answers are passed on as before. */
  speakAgain(): void;
  close(): Promise<void>;
}

/** @param target with a port: `http://127.0.0.1:3011` */
export async function tcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  /** With the way that answers come. */
  const connections = new Map<Socket, Socket>();
  let toLose = 0;
  let silent = false;
  const server = createServer((client) => {
    const there = connect(Number(port), hostname);
    connections.set(client, there);
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
    if (silent) there.pause();
  });
  await listening(server);
  const url = Object.assign(new URL(target), { port: String((server.address() as { port: number }).port) });
  return {
    url: url.href.replace(/\/$/, ''),
    loseAnswers(count) {
      toLose = count;
    },
    cutAll() {
      for (const client of connections.keys()) client.resetAndDestroy();
    },
    silence() {
      silent = true;
      for (const there of connections.values()) there.pause();
    },
    speakAgain() {
      silent = false;
      for (const there of connections.values()) there.resume();
    },
    async close() {
      for (const client of connections.keys()) client.resetAndDestroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}
