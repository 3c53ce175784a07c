import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
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

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#observer = options.observer ?? relayMetrics;
    this.#status = new RelayStatus(options);
  }

  async run(): Promise<void> {
    for (let failures = 0; !this.#stopped; ) {
      try {
        await this.#session();
        failures = 0;
      } catch (error) {
        failures += 1;
        if (!this.#stopped) this.#status.broken(error);
      }
      await this.#pause(fullJitter(failures, 100, 3_000));
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

  /** Returns false when another relay was quicker. */
  async #stream(control: Client): Promise<boolean> {
    const { connectionString, slot, publisher, topicPrefix } = this.#options;
    let shipment: Shipment | undefined;
    const handlers = {
      data: (payload: Buffer) => shipment?.data(payload),
      keepalive: (walEnd: bigint) => shipment?.keepalive(walEnd),
    };
    const opening = ReplicationStream.open({ connectionString, slot, publication: PUBLICATION }, (source) => {
      shipment = new Shipment({ source, publisher, topicPrefix, observer: this.#observer });
      return handlers;
    });
    return true;
  }

  #pause(ms: number): Promise<void> {
    return sleep(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}
