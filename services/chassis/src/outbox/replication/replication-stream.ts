import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type ClientConfig } from 'pg';
import { type Lsn, NO_LSN } from './lsn.ts';
import { type Keepalive, readServerMessage, statusUpdate } from './wire.ts';

/** Called in the order of the stream. What they throw ends the stream. */
export interface StreamReceiver {
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
/** How long an acknowledgement waits for others to share its message. A crash in that time repeats what was published: harmless. */
const SHARE_MS = 100;
/**
 * How far ahead of what was received we say to have read. PostgreSQL tells a stream that has read less about every
 * commit in the cluster, for synchronous replication, and so would wake up every relay. What is acknowledged says
 * nothing of it. The answers to our updates tell the end of the log as well.
 */
const READ_AHEAD = 64n * 1024n * 1024n;

/**
 * A logical replication stream of one slot. Acknowledges exactly what `confirm` is told. Written on pg itself:
 * pg-logical-replication 2.5 acknowledges what was only received, and one byte too much, and cannot be paused.
 */
export class ReplicationStream {
  /** Resolves when the stream is over without a failure; rejects when it broke. */
  readonly ended: Promise<void>;
  readonly #client: Client;
  readonly #connection: CopyConnection;
  #received: Lsn = NO_LSN;
  #confirmed: Lsn = NO_LSN;
  #heardAt = Date.now();
  #copying = false;
  #paused = false;
  #closing = false;
  #timer: NodeJS.Timeout | undefined;
  #sharing: NodeJS.Timeout | undefined;
  #end: (failure?: unknown) => void = () => undefined;

  private constructor(client: Client) {
    this.#client = client;
    this.#connection = (client as unknown as { connection: CopyConnection }).connection;
    this.ended = new Promise((resolve, reject) => {
      this.#end = (failure) => {
        clearInterval(this.#timer);
        clearTimeout(this.#sharing);
        if (failure === undefined || this.#closing) resolve();
        else reject(failure);
      };
    });
    this.ended.catch(() => undefined);
    client.on('error', (error) => this.#end(error));
  }

  /** Connects. The role needs the REPLICATION attribute. */
  static async connect(connectionString: string): Promise<ReplicationStream> {
    const config = { connectionString, replication: 'database', connectionTimeoutMillis: CONNECT_TIMEOUT_MS };
    const client = new Client({ ...config, keepAlive: true } as ClientConfig);
    const stream = new ReplicationStream(client);
    await client.connect();
    return stream;
  }

  /** From what the slot has confirmed. Call it once. @throws DatabaseError 55006 when another relay has the slot. */
  async start(slot: string, publication: string, receiver: StreamReceiver): Promise<void> {
    const started = new Promise<void>((resolve) => this.#connection.once('replicationStart', resolve));
    this.#connection.on('copyData', ({ chunk }) => this.#read(chunk, receiver));
    this.#client
      .query(`START_REPLICATION SLOT "${slot}" LOGICAL 0/0 (proto_version '1', publication_names '${publication}')`)
      .then(() => this.#end(), this.#end);
    await Promise.race([started, this.ended]);
    this.#copying = true;
    this.#timer = setInterval(() => this.#tick(), STATUS_EVERY_MS);
  }

  /** Acknowledges everything before `lsn`, soon. A position never goes back. */
  confirm(lsn: Lsn): void {
    if (lsn <= this.#confirmed) return;
    this.#confirmed = lsn;
    if (lsn > this.#received) this.#received = lsn;
    this.#sharing ??= setTimeout(() => this.#sendStatus(false), SHARE_MS);
  }

  /** Stops reading, so that the server waits. */
  pause(): void {
    this.#paused = true;
    this.#connection.stream.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#heardAt = Date.now();
    this.#connection.stream.resume();
  }

  /** Ends the stream so that the server has read the last acknowledgement. At most a second; never rejects. */
  async close(): Promise<void> {
    this.#closing = true;
    this.resume();
    this.#sendStatus(false);
    if (this.#copying && this.#connection.stream.writable) {
      this.#connection.endCopyFrom();
      await Promise.race([this.ended.catch(() => undefined), sleep(CLOSE_BOUND_MS, undefined, { ref: false })]);
    }
    this.#end();
    // Says goodbye when the copying is over; cuts the connection otherwise.
    await Promise.race([this.#client.end(), sleep(CLOSE_BOUND_MS, undefined, { ref: false })]).catch(() => undefined);
  }

  #read(chunk: Buffer, receiver: StreamReceiver): void {
    this.#heardAt = Date.now();
    if (this.#closing) return;
    try {
      const message = readServerMessage(chunk);
      if (message.kind === 'data') receiver.data(message.payload);
      else this.#keepalive(message, receiver);
    } catch (error) {
      this.#end(error);
    }
  }

  #keepalive({ walEnd, replyRequested }: Keepalive, receiver: StreamReceiver): void {
    if (walEnd > this.#received) this.#received = walEnd;
    receiver.keepalive(walEnd);
    if (replyRequested) this.#sendStatus(false);
  }

  #tick(): void {
    const silentMs = Date.now() - this.#heardAt;
    if (silentMs > SILENCE_MS && !this.#paused) this.#end(new Error(`PostgreSQL was silent for ${silentMs} ms.`));
    else this.#sendStatus(true);
  }

  #sendStatus(requestReply: boolean): void {
    clearTimeout(this.#sharing);
    this.#sharing = undefined;
    if (!this.#copying || !this.#connection.stream.writable) return;
    this.#connection.sendCopyFromChunk(statusUpdate(this.#received + READ_AHEAD, this.#confirmed, requestReply));
  }
}
