import { startProxy } from './proxy.ts';

/** A way to a server, whatever is spoken on it, that can lose connections and answers. */
export interface TcpProxy {
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

export async function tcpProxy(target: string): Promise<TcpProxy> {
  let toLose = 0;
  let silent = false;
  const { url, connections, cutAll, close } = await startProxy(new URL(target), ({ client, server, cut }) => {
    client.on('data', (chunk) => server.write(chunk));
    server.on('data', (chunk) => {
      if (toLose === 0) return void client.write(chunk);
      toLose -= 1;
      cut();
    });
    if (silent) server.pause();
  });
  return {
    url: url.href.replace(/\/$/, ''),
    loseAnswers(count) {
      toLose = count;
    },
    cutAll,
    silence() {
      silent = true;
      for (const { server } of connections) server.pause();
    },
    speakAgain() {
      silent = false;
      for (const { server } of connections) server.resume();
    },
    close,
  };
}
