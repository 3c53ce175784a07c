import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to PostgreSQL that can lose connections. */
export interface DatabaseProxy {
  /** The database's URL, through the proxy. */
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

export async function databaseProxy(databaseUrl: string): Promise<DatabaseProxy> {
  const proxy = new CuttingProxy(new URL(databaseUrl));
  await proxy.listen();
  return proxy;
}

class CuttingProxy implements DatabaseProxy {
  readonly #server: Server;
  readonly #target: URL;
  readonly #connections = new Set<Connection>();
  #next: Trouble | undefined;

  constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((client) => this.#accept(client));
  }

  get url(): string {
    const { port } = this.#server.address() as { port: number };
    return Object.assign(new URL(this.#target), { port: String(port) }).href;
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  loseNextAnswerToCommit(): void {
    this.#next = { statement: 'COMMIT', befall: (connection) => connection.loseAnswer() };
  }

  silenceNext(statement: string): void {
    this.#next = { statement, befall: (connection) => connection.silence() };
  }

  speakAgain(): void {
    for (const connection of this.#connections) connection.speakAgain();
  }

  cutAll(): void {
    for (const connection of this.#connections) connection.cut();
  }

  async close(): Promise<void> {
    this.cutAll();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(client: Socket): void {
    const server = connect(Number(this.#target.port), this.#target.hostname);
    const connection = new Connection(client, server, (text) => this.#asked(connection, text));
    this.#connections.add(connection);
    client.once('close', () => this.#connections.delete(connection));
  }

  #asked(connection: Connection, text: string): void {
    if (this.#next === undefined || !text.trimStart().startsWith(this.#next.statement)) return;
    const { befall } = this.#next;
    this.#next = undefined;
    befall(connection);
  }
}

/** What happens to the first connection that asks a statement. */
interface Trouble {
  /** How it begins. */
  readonly statement: string;
  befall(connection: Connection): void;
}

/** One connection, and as much of the protocol as tells what the client asks: the texts that it parses and executes. */
class Connection {
  readonly #client: Socket;
  readonly #server: Socket;
  /** Of named statements, the text; the unnamed one is ''. */
  readonly #statements = new Map<string, string>();
  #rest: Buffer = Buffer.alloc(0);
  #started = false;
  #losesAnswer = false;

  constructor(client: Socket, server: Socket, asked: (text: string) => void) {
    this.#client = client;
    this.#server = server;
    client.on('data', (chunk) => {
      for (const text of this.#textsOf(chunk)) asked(text);
      server.write(chunk);
    });
    server.on('data', (chunk) => {
      if (this.#losesAnswer) this.cut();
      else client.write(chunk);
    });
    for (const end of [client, server]) end.on('error', () => this.cut()).on('close', () => this.cut());
  }

  loseAnswer(): void {
    this.#losesAnswer = true;
  }

  silence(): void {
    this.#server.pause();
  }

  speakAgain(): void {
    this.#server.resume();
  }

  cut(): void {
    this.#client.resetAndDestroy();
    this.#server.destroy();
  }

  /** https://www.postgresql.org/docs/current/protocol-message-formats.html: Query, Parse and Bind. */
  *#textsOf(chunk: Buffer): Generator<string> {
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
