import type { Publisher } from '../kafka/producer.ts';
import { failpoint } from '../process/failpoint.ts';
import type { OutboxRecord } from './outbox-record.ts';
import { Pending } from './pending.ts';
import type { RefusedRecords } from './refused/refused-records.ts';
import type { RelayObserver } from './relay/observer.ts';
import type { Lsn } from './replication/lsn.ts';
import { TransactionReader } from './replication/transactions.ts';
import { REQUEST, request, send } from './send.ts';

/** The stream, as far as the shipment steers it. */
export interface Source {
  confirm(lsn: Lsn): void;
  pause(): void;
  resume(): void;
}

export interface OutboxPublisherParts {
  readonly source: Source;
  readonly publisher: Publisher;
  readonly topicPrefix: string;
  readonly observer: RelayObserver;
  readonly refusedRecords: RefusedRecords;
}

/** Gathered while the broker is busy; above it the stream is paused, until half of it is gone. */
const GATHERED = { count: 10_000, bytes: 8_000_000 };

/**
 * Moves committed rows to the broker, in commit order, one request at a time. What arrives meanwhile goes into the
 * next: no waiting when idle, few requests under load. A position is acknowledged when the broker has every row before
 * it.
 */
export class OutboxPublisher {
  readonly #parts: OutboxPublisherParts;
  readonly #pending = new Pending();
  readonly #transactions: TransactionReader;
  #running: Promise<void> | undefined;
  #paused = false;
  #abandoned = false;
  #wanted = false;
  /** Rejects when the publisher gave up, which it does only when it is closed. */
  readonly failed: Promise<never>;
  #fail: (error: unknown) => void = () => undefined;

  constructor(parts: OutboxPublisherParts) {
    this.#parts = parts;
    const committed = {
      records: (records: readonly OutboxRecord[]) => this.#gather(records),
      commit: (end: Lsn) => this.#mark(end),
    };
    this.#transactions = new TransactionReader(committed, parts.topicPrefix);
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.failed.catch(() => undefined);
  }

  data(payload: Buffer): void {
    this.#transactions.read(payload);
  }

  /** The server has nothing for us before `walEnd`: it may be acknowledged, behind what was received before it. */
  keepalive(walEnd: Lsn): void {
    if (!this.#transactions.inTransaction) this.#mark(walEnd);
  }

  /** Resolves when everything received so far is published and acknowledged. */
  async drain(): Promise<void> {
    await this.#running;
  }

  /** Forgets what is not on its way to the broker; resolves when what is on its way has been answered. */
  async abandon(): Promise<void> {
    this.#abandoned = true;
    await this.#running;
  }

  /** Somebody may have asked for something of what is aside: it is done between two requests. */
  attend(): void {
    this.#wanted = true;
    this.#running ??= this.#run();
  }

  #gather(records: readonly OutboxRecord[]): void {
    for (const record of records) this.#pending.add(record);
    this.#holdUp();
    this.#running ??= this.#run();
  }

  #mark(lsn: Lsn): void {
    this.#pending.mark(lsn);
    this.#confirm(0);
  }

  async #run(): Promise<void> {
    // Lets everything that came in one piece over the network share the first request.
    await Promise.resolve();
    try {
      while ((this.#wanted || this.#pending.size > 0) && !this.#abandoned) {
        if (this.#wanted) await this.#attend();
        if (this.#pending.size > 0) await this.#send(this.#pending.take(REQUEST));
      }
    } catch (error) {
      this.#fail(error);
    }
    this.#running = undefined;
  }

  async #attend(): Promise<void> {
    this.#wanted = false;
    await this.#parts.refusedRecords.attend((records) => request(records, this.#pending.size, this.#parts));
  }

  async #send(records: readonly OutboxRecord[]): Promise<void> {
    await send(records, this.#pending.size, this.#parts);
    this.#confirm(records.length);
    failpoint('relay-after-acknowledgement');
    this.#letGo();
  }

  #confirm(publishedNow: number): void {
    const lsn = this.#pending.published(publishedNow);
    if (lsn !== undefined) this.#parts.source.confirm(lsn);
  }

  #holdUp(): void {
    if (this.#paused || (this.#pending.size < GATHERED.count && this.#pending.bytes < GATHERED.bytes)) return;
    this.#paused = true;
    this.#parts.source.pause();
  }

  #letGo(): void {
    if (!this.#paused || this.#pending.size > GATHERED.count / 2 || this.#pending.bytes > GATHERED.bytes / 2) return;
    this.#paused = false;
    this.#parts.source.resume();
  }
}
