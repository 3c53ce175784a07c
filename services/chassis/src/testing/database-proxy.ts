import { type ProxiedConnection, startProxy } from './proxy.ts';

/** A way to PostgreSQL that can lose connections. */
export interface DatabaseProxy {
  readonly url: string;
  /** The next COMMIT reaches the server and takes effect; its answer, and the connection, are lost. */
  loseNextAnswerToCommit(): void;
  /** Resets every connection, in the middle of whatever it carries. */
  cutAll(): void;
  /** The next connection that asks a statement with this beginning hears nothing more, though it stays open and the server does what it is asked. */
  silenceNext(statement: string): void;
  /** What was held back is heard. */
  speakAgain(): void;
  close(): Promise<void>;
}

/** What happens to the first connection that asks a statement. */
interface Trouble {
  readonly statement: string;
  befall(connection: ProxiedConnection): void;
}

export async function databaseProxy(databaseUrl: string): Promise<DatabaseProxy> {
  let next: Trouble | undefined;
  const losingAnswer = new WeakSet<ProxiedConnection>();
  const { url, connections, cutAll, close } = await startProxy(new URL(databaseUrl), (connection) => {
    const { client, server, cut } = connection;
    const asked = new AskedStatements();
    client.on('data', (chunk) => {
      for (const text of asked.in(chunk)) {
        const trouble = next;
        if (trouble === undefined || !text.trimStart().startsWith(trouble.statement)) continue;
        next = undefined;
        trouble.befall(connection);
      }
      server.write(chunk);
    });
    server.on('data', (chunk) => (losingAnswer.has(connection) ? cut() : client.write(chunk)));
  });
  return {
    url: url.href,
    loseNextAnswerToCommit() {
      next = { statement: 'COMMIT', befall: (connection) => losingAnswer.add(connection) };
    },
    silenceNext(statement) {
      next = { statement, befall: ({ server }) => server.pause() };
    },
    speakAgain() {
      for (const { server } of connections) server.resume();
    },
    cutAll,
    close,
  };
}

/** As much of the protocol as tells what a client asks: the texts that it parses and executes. */
class AskedStatements {
  /** Of named statements, the text; the unnamed one is ''. */
  readonly #statements = new Map<string, string>();
  #rest: Buffer = Buffer.alloc(0);
  #started = false;

  /** https://www.postgresql.org/docs/current/protocol-message-formats.html: Query, Parse and Bind. */
  *in(chunk: Buffer): Generator<string> {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const typed = this.#started ? 1 : 0;
      if (this.#rest.length < typed + 4) return;
      const end = typed + this.#rest.readInt32BE(typed);
      if (this.#rest.length < end) return;
      const message = this.#rest.subarray(0, end);
      this.#rest = this.#rest.subarray(end);
      const text = this.#started ? this.#textOf(message) : undefined;
      this.#started = true;
      if (text !== undefined) yield text;
    }
  }

  #textOf(message: Buffer): string | undefined {
    const [first = '', second = ''] = message.subarray(5).toString('latin1').split('\0');
    switch (String.fromCharCode(message[0] ?? 0)) {
      case 'Q':
        return first;
      case 'P':
        this.#statements.set(first, second);
        return undefined;
      case 'B':
        return this.#statements.get(second);
      default:
        return undefined;
    }
  }
}
