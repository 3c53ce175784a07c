import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type ClientConfig } from 'pg';
import { type Lsn, NO_LSN } from './lsn.ts';
import { type Keepalive, readServerMessage, statusUpdate } from './wire.ts';

export interface StreamOptions {
  readonly connectionString: string;
  readonly slot: string;
  readonly publication: string;
}

/** Called in the order of the stream. What they throw ends the stream. */
export interface StreamHandlers {
  /** One message of pgoutput. Its bytes are valid during the call only. */
  data(payload: Buffer): void;
  /** Everything before `walEnd` that concerns this slot has been sent. */
  keepalive(walEnd: Lsn): void;
}

/** The part of pg's connection that copies in both directions; it has no types. */
interface CopyConnection {
  readonly stream: Socket;
  on(event: 'copyData', listener: (message: { chunk: Buffer }) => void): void;
  once(event: 'replicationStart', listener: () => void): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** Well below wal_sender_timeout (60 s by default): the server must hear from us also while we wait for the broker. */
const STATUS_EVERY_MS = 10_000;
/** A server that has not answered a status update for so long is taken for dead. */
const SILENCE_MS = 45_000;
const CLOSE_BOUND_MS = 1_000;

/**
 * A logical replication stream of one slot, from its confirmed position on. Acknowledges exactly what `confirm` is told,
 * never what was only received. Written on pg itself: the service of pg-logical-replication 2.5 acknowledges received
 * positions by a timer, acknowledges one byte too much, starts again behind what it has received, and cannot be paused.
 */
export class ReplicationStream {
  /** Resolves when the stream was closed here; rejects when it broke. */
  readonly ended: Promise<void>;
  readonly #client: Client;
  readonly #connection: CopyConnection;
  #received: Lsn = NO_LSN;
  #confirmed: Lsn = NO_LSN;
  #heardAt = Date.now();
  #paused = false;
  #closing = false;
  readonly #timer: NodeJS.Timeout;
  #fail: (error: Error) => void = () => undefined;

  private constructor(client: Client, copying: Promise<unknown>) {
    this.#client = client;
    this.#connection = copyConnection(client);
    const failed = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    this.ended = Promise.race([copying.then(() => undefined), failed]).catch((error: unknown) => {
      if (!this.#closing) throw error;
    });
    this.#timer = setInterval(() => this.#tick(), STATUS_EVERY_MS);
    client.on('error', (error) => this.#fail(error));
    this.ended.catch(() => undefined).finally(() => this.#dispose());
  }

  /**
   * Starts streaming. @throws DatabaseError 55006 (object_in_use) when another relay has the slot.
   */
  static async open(options: StreamOptions, handlers: StreamHandlers): Promise<ReplicationStream> {
    const client = await connectForReplication(options.connectionString);
    const connection = copyConnection(client);
    const started = new Promise<void>((resolve) => connection.once('replicationStart', resolve));
    let stream: ReplicationStream | undefined;
    connection.on('copyData', ({ chunk }) => stream?.#read(chunk, handlers));
    const copying = client.query(startReplication(options));
    stream = new ReplicationStream(client, copying);
    await Promise.race([started, stream.ended]);
    return stream;
  }

  /** Acknowledges everything before `lsn`. A position never goes back. */
  confirm(lsn: Lsn): void {
    if (lsn <= this.#confirmed) return;
    this.#confirmed = lsn;
    this.#sendStatus(false);
  }

  /** Stops reading, so that the server waits. */
  pause(): void {
    this.#paused = true;
    this.#connection.stream.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#heardAt = Date.now();
    this.#connection.stream.resume();
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Ends the stream so that the server has read the last acknowledgement. At most a second; never rejects. */
  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    this.resume();
    this.#sendStatus(false);
    if (this.#connection.stream.writable) this.#connection.endCopyFrom();
    await Promise.race([this.ended.catch(() => undefined), sleep(CLOSE_BOUND_MS, undefined, { ref: false })]);
    this.#dispose();
  }

  #read(chunk: Buffer, handlers: StreamHandlers): void {
    this.#heardAt = Date.now();
    if (this.#closing) return;
    try {
      const message = readServerMessage(chunk);
      if (message.kind === 'data') handlers.data(message.payload);
      else this.#keepalive(message, handlers);
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #keepalive({ walEnd, replyRequested }: Keepalive, handlers: StreamHandlers): void {
    if (walEnd > this.#received) this.#received = walEnd;
    handlers.keepalive(walEnd);
    if (replyRequested) this.#sendStatus(false);
  }

  #tick(): void {
    const silentMs = Date.now() - this.#heardAt;
    if (silentMs > SILENCE_MS && !this.#paused) this.#fail(new Error(`PostgreSQL was silent for ${silentMs} ms.`));
    else this.#sendStatus(true);
  }

  #sendStatus(requestReply: boolean): void {
    if (!this.#connection.stream.writable) return;
    const received = this.#received > this.#confirmed ? this.#received : this.#confirmed;
    this.#connection.sendCopyFromChunk(statusUpdate(received, this.#confirmed, requestReply));
  }

  #dispose(): void {
    clearInterval(this.#timer);
    // Says goodbye when the copying is over; cuts the connection otherwise.
    this.#client.end().catch(() => undefined);
  }
}

async function connectForReplication(connectionString: string): Promise<Client> {
  const config = { connectionString, replication: 'database', keepAlive: true, connectionTimeoutMillis: CONNECT_TIMEOUT_MS };
  const client = new Client(config as ClientConfig);
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

const copyConnection = (client: Client): CopyConnection => (client as unknown as { connection: CopyConnection }).connection;

/** From position 0/0, which means: from what the slot has confirmed. */
function startReplication({ slot, publication }: StreamOptions): string {
  return `START_REPLICATION SLOT "${slot}" LOGICAL 0/0 (proto_version '1', publication_names '${publication}')`;
}
