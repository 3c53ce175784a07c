import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { Publisher } from '../../src/kafka/producer.ts';
import { startRelay } from '../../src/outbox/relay/logical-relay.ts';
import { unobserved } from '../../src/outbox/relay/observer.ts';
import { startPollingRelay } from '../../src/outbox/relay/polling-relay.ts';
import type { RelayOptions, RunningRelay } from '../../src/outbox/relay/relay.ts';
import { migrate } from '../../src/postgres/migrate.ts';
import { fromStack } from '../../src/testing/stack.ts';

type RelayParts = Omit<RelayOptions, 'connectionString' | 'slot'> & { readonly connectionString?: string };

/** A database of its own with the chassis' tables and a replication slot, on the real PostgreSQL. */
export class RealOutbox {
  readonly name = `test_relay_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  readonly slot = `${this.name}_outbox`;
  readonly url: string;
  sql: Client;
  #admin: Client;
  readonly #clients: Client[] = [];
  readonly #relays: RunningRelay[] = [];

  private constructor() {
    const url = new URL(fromStack('TEST_POSTGRES_ADMIN_URL'));
    url.pathname = `/${this.name}`;
    this.url = url.href;
    this.sql = connection(this.url);
    this.#admin = connection(fromStack('TEST_POSTGRES_ADMIN_URL'));
  }

  static async create({ withSlot = true } = {}): Promise<RealOutbox> {
    const outbox = new RealOutbox();
    await outbox.#admin.connect();
    await outbox.#admin.query(`CREATE DATABASE ${outbox.name}`);
    await outbox.sql.connect();
    await migrate(outbox.url);
    if (withSlot) await outbox.createSlot();
    return outbox;
  }

  /** After PostgreSQL was killed. */
  async reconnect(): Promise<void> {
    await Promise.all([this.sql, this.#admin].map((client) => client.end()));
    this.sql = connection(this.url);
    this.#admin = connection(fromStack('TEST_POSTGRES_ADMIN_URL'));
    await Promise.all([this.sql.connect(), this.#admin.connect()]);
  }

  async createSlot(): Promise<void> {
    await this.sql.query("SELECT pg_create_logical_replication_slot($1, 'pgoutput')", [this.slot]);
  }

  /** Another connection, for a transaction beside others. */
  async connect(): Promise<Client> {
    const client = new Client(this.url);
    await client.connect();
    this.#clients.push(client);
    return client;
  }

  startRelay(parts: RelayParts): RunningRelay {
    return this.#run(startRelay, parts);
  }

  startPollingRelay(parts: RelayParts): RunningRelay {
    return this.#run(startPollingRelay, parts);
  }

  #run(start: typeof startRelay, parts: RelayParts): RunningRelay {
    const relay = start({ observer: unobserved, connectionString: this.url, slot: this.slot, ...parts });
    this.#relays.push(relay);
    return relay;
  }

  /** Cuts every connection that is not the test's own, as a crash of all relays would. */
  async crashRelays(): Promise<void> {
    const own = [this.sql, ...this.#clients].map((client) => (client as unknown as { processID: number }).processID);
    await this.sql.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> ALL ($2)',
      [this.name, own],
    );
  }

  /** Payloads of the rows that the outbox keeps, in the order of their positions. */
  async kept(table: 'outbox' | 'dead_letter_outbox' = 'outbox'): Promise<string[]> {
    const { rows } = await this.sql.query<{ label: string }>(
      `SELECT convert_from(payload, 'UTF8') AS label FROM chassis.${table} ORDER BY position`,
    );
    return rows.map(({ label }) => label);
  }

  /** Cuts the connections of whoever has the slot, as a crash would. */
  async cutRelay(): Promise<void> {
    await this.sql.query(
      'SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = $1 AND active',
      [this.slot],
    );
  }

  async slotState(): Promise<{ active: boolean; lag: number } | undefined> {
    const { rows } = await this.#admin.query<{ active: boolean; lag: number }>(
      `SELECT active, pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)::float8 AS lag
       FROM pg_replication_slots WHERE slot_name = $1`,
      [this.slot],
    );
    return rows[0];
  }

  /** Where the write-ahead log ends. It is that of all databases: other tests write to it as well. */
  async walEnd(): Promise<string> {
    const { rows } = await this.#admin.query<{ lsn: string }>('SELECT pg_current_wal_lsn()::text AS lsn');
    return rows[0]?.lsn ?? '';
  }

  /** Whether everything up to there, but for the last bytes, is acknowledged or need not be kept. */
  async hasPassed(lsn: string, lastBytes = 0): Promise<boolean> {
    const { rows } = await this.#admin.query<{ passed: boolean }>(
      `SELECT pg_wal_lsn_diff($2::pg_lsn, confirmed_flush_lsn) <= $3 AS passed
       FROM pg_replication_slots WHERE slot_name = $1`,
      [this.slot, lsn, lastBytes],
    );
    return rows[0]?.passed === true;
  }

  async close(): Promise<void> {
    await Promise.all(this.#relays.map((relay) => relay.stop(100)));
    await Promise.all([this.sql, ...this.#clients].map((client) => client.end()));
    await this.#admin.query(
      'SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = $1 AND active',
      [this.slot],
    );
    for (let inUse = true; inUse; ) {
      inUse = (await this.slotState())?.active ?? false;
    }
    await this.#admin.query(
      'SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1',
      [this.slot],
    );
    await this.#admin.query(`DROP DATABASE ${this.name} WITH (FORCE)`);
    await this.#admin.end();
  }
}

/** A broken connection shows in the next query. */
function connection(url: string): Client {
  const client = new Client(url);
  client.on('error', () => undefined);
  return client;
}

const INSERT = `
  INSERT INTO chassis.outbox (id, aggregatetype, aggregateid, type, payload, ce_source, ce_time, ce_correlationid, ce_causationid)
  SELECT gen_random_uuid(), 'order', coalesce($2, label), 'troupe.order.OrderCreated', convert_to(label, 'UTF8'),
         '/troupe/order', '2026-11-21T07:00:00.000Z', label, 'cause'
  FROM unnest($1::text[]) WITH ORDINALITY AS o(label, position) ORDER BY position`;

/** Inserts one event for each label, in one statement; the label is its payload and, unless `key` is given, its key. */
export async function emit(client: Client, labels: readonly string[], key?: string): Promise<void> {
  await client.query(INSERT, [labels, key ?? null]);
}

const INSERT_DEAD = `
  INSERT INTO chassis.dead_letter_outbox (id, aggregatetype, aggregateid, payload, x_original_topic, x_original_partition,
                                  x_original_offset, x_error_class, x_error_message, x_attempts, x_replays)
  SELECT gen_random_uuid(), 'order', $2, convert_to(label, 'UTF8'), 'payment.events', '0', '7', 'RULE_THREW', 'why', '1', '0'
  FROM unnest($1::text[]) WITH ORDINALITY AS o(label, position) ORDER BY position`;

/** Inserts one dead letter for each label, which is its payload. */
export async function emitDead(client: Client, labels: readonly string[], key: string): Promise<void> {
  await client.query(INSERT_DEAD, [labels, key]);
}

/**
 * Writes both tables until it is stopped: each writer events of its own key, in transactions that overlap those of the
 * others, so that commits are in another order than positions.
 */
export function writeOn(writers: readonly Client[], perTransaction = 5): { stop(): Promise<void> } {
  let going = true;
  const written = writers.map(async (writer, key) => {
    for (let at = 0; going; at += perTransaction) {
      const labels = Array.from({ length: perTransaction }, (_, n) => `${key}:${at + n}`);
      await writer.query('BEGIN');
      await emit(writer, labels, `key ${key}`);
      await emitDead(writer, labels, `key ${key}`);
      // Lets the others go in between.
      await new Promise((resolve) => setTimeout(resolve, key));
      await writer.query('COMMIT');
    }
  });
  return {
    stop: async () => {
      going = false;
      await Promise.all(written);
    },
  };
}

/** What came, without what came again; one list for each key, which is what stands before the colon. */
export function firstTimes(labels: readonly string[]): Record<string, string[]> {
  const byKey: Record<string, string[]> = {};
  for (const label of new Set(labels)) {
    const key = label.split(':')[0] ?? '';
    byKey[key] = [...(byKey[key] ?? []), label];
  }
  return byKey;
}

/** A broker that can be shut: requests then wait in front of it. */
export function gated(publisher: Publisher): Publisher & { shut(): void; open(): void; readonly held: number } {
  let isOpen = Promise.resolve();
  let open: (() => void) | undefined;
  let held = 0;
  return {
    get held() {
      return held;
    },
    shut: () => {
      isOpen = new Promise((resolve) => {
        open = resolve;
      });
    },
    open: () => {
      open?.();
      open = undefined;
      held = 0;
    },
    async publish(records) {
      if (open !== undefined) held += 1;
      await isOpen;
      await publisher.publish(records);
    },
    close: async () => undefined,
  };
}
