import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, DatabaseError } from 'pg';
import { fullJitter } from '../backoff.ts';
import type { Publisher } from '../kafka/producer.ts';
import type { Log } from '../log.ts';
import type { Readiness } from '../readiness.ts';
import { relayMetrics } from './relay-metrics.ts';
import type { RelayObserver } from './relay-observer.ts';
import { RelayStatus } from './relay-status.ts';
import { ReplicationStream } from './replication-stream.ts';
import { Shipment } from './shipment.ts';
import { inspectSlot } from './slot.ts';

export interface RelayOptions {
  /** The service's own database; its role needs the REPLICATION attribute. */
  readonly connectionString: string;
  /** `troupe_<service>_outbox`. It must exist. */
  readonly slot: string;
  readonly topicPrefix: string;
  /** Not closed by the relay. */
  readonly publisher: Publisher;
  readonly readiness: Readiness;
  readonly log: Log;
  /** Default: the metrics of this process. */
  readonly observer?: RelayObserver;
}

export interface RunningRelay {
  /**
   * Publishes what has been received (waiting at most `boundMs` for the broker), acknowledges it and lets the slot go.
   * What the broker has not got by then is published by whoever has the slot next. Safe to call twice; never rejects.
   */
  stop(boundMs?: number): Promise<void>;
}

const PUBLICATION = 'outbox';
/** How often a relay that stands by looks whether the slot is free. */
const STAND_BY_MS = 1_000;
/** How often a slot that cannot be used is looked at again. */
const REFUSED_MS = 2_000;
const WATCH_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;
const STOP_BOUND_MS = 5_000;
const OBJECT_IN_USE = '55006';

/**
 * Publishes the rows of the `outbox` table, read from the write-ahead log through a logical replication slot. At least
 * once, in commit order; the slot remembers how far the broker has everything, and nothing else does.
 *
 * - One relay has the slot; others stand by and take over within a second or so.
 * - A slot that is missing or lost is refused, loudly, and never created: a fresh one would skip what was written before.
 * - A database or a broker that is away is waited out, for ever; PostgreSQL keeps the log meanwhile.
 */
export function startRelay(options: RelayOptions): RunningRelay {
  const relay = new LogicalRelay(options);
  const ended = relay.run();
  let stopped: Promise<void> | undefined;
  return {
    stop: (boundMs = STOP_BOUND_MS) => {
      stopped ??= relay.stop(boundMs, ended);
      return stopped;
    },
  };
}

class LogicalRelay {
  readonly #options: RelayOptions;
  readonly #observer: RelayObserver;
  readonly #status: RelayStatus;
  readonly #stopping = new AbortController();
  #stopBoundMs = STOP_BOUND_MS;
  /** Sessions in a row that did not get to publish. */
  #failures = 0;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#observer = options.observer ?? relayMetrics;
    this.#status = new RelayStatus(options);
  }

  async run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#session();
      } catch (error) {
        if (!this.#stopped) this.#status.broken(error);
      }
      this.#failures += 1;
      await this.#pause(fullJitter(this.#failures, 100, 3_000));
    }
  }

  async stop(boundMs: number, ended: Promise<void>): Promise<void> {
    this.#stopBoundMs = boundMs;
    this.#stopping.abort();
    await Promise.race([ended, sleep(2 * boundMs, undefined, { ref: false })]);
    this.#status.stopped();
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** Waits for the slot and uses it, on one connection to the database. Returns when the stream ended. */
  async #session(): Promise<void> {
    const control = await this.#connect();
    try {
      for (;;) {
        const slot = await inspectSlot(control, this.#options.slot);
        if (this.#stopped) return;
        if (!slot.usable) this.#status.refused(slot.why);
        else if (slot.state.active) this.#status.standingBy();
        else if (await this.#stream(control)) return;
        await this.#pause(slot.usable ? STAND_BY_MS : REFUSED_MS);
      }
    } finally {
      await control.end().catch(() => undefined);
    }
  }

  async #connect(): Promise<Client> {
    const { connectionString } = this.#options;
    const client = new Client({ connectionString, keepAlive: true, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
    // A broken connection shows in the next query.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  /** Streams until the stream ends or the relay stops. Returns false when another relay was quicker. */
  async #stream(control: Client): Promise<boolean> {
    const { connectionString, slot, publisher, topicPrefix } = this.#options;
    const stream = await ReplicationStream.connect(connectionString);
    const shipment = new Shipment({ source: stream, publisher, topicPrefix, observer: this.#observer });
    try {
      await stream.start(slot, PUBLICATION, shipment);
      this.#status.active();
      this.#observer.active(true);
      this.#failures = 0;
      await this.#untilOver(control, stream, shipment);
      return true;
    } catch (error) {
      if (sqlState(error) === OBJECT_IN_USE) return false;
      // At once: what follows may wait for the broker.
      if (!this.#stopped) this.#status.broken(error);
      throw error;
    } finally {
      this.#observer.active(false);
      await stream.close();
      // Before the next session may begin: this relay never has two requests on their way.
      const answered = shipment.abandon();
      if (!this.#stopped) await Promise.race([answered, once(this.#stopping.signal, 'abort')]);
    }
  }

  async #untilOver(control: Client, stream: ReplicationStream, shipment: Shipment): Promise<void> {
    const over = new AbortController();
    const { signal } = over;
    const stopped = this.#stopped ? Promise.resolve() : once(this.#stopping.signal, 'abort', { signal });
    const lost = once(control, 'error', { signal }).then(([error]) => Promise.reject(error));
    try {
      await Promise.race([stream.ended, shipment.failed, stopped, lost, this.#watch(control, signal)]);
    } finally {
      over.abort();
    }
    if (!this.#stopped) return;
    stream.pause();
    await Promise.race([shipment.drain(), sleep(this.#stopBoundMs, undefined, { ref: false })]);
  }

  /** Looks at the slot from time to time, until aborted. */
  async #watch(control: Client, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const slot = await inspectSlot(control, this.#options.slot);
      if (slot.usable) this.#observer.slot(slot.state);
      if (slot.usable && slot.state.walStatus === 'unreserved') this.#status.atRisk(slot.state.retainedBytes);
      await sleep(WATCH_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  #pause(ms: number): Promise<void> {
    return sleep(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}

/** PostgreSQL's five characters for what went wrong; undefined when it was not PostgreSQL that failed. */
function sqlState(error: unknown): string | undefined {
  return error instanceof DatabaseError ? error.code : undefined;
}
