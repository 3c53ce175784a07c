import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { Client } from 'pg';
import type { Logger } from 'pino';
import type { Publisher } from '../src/kafka/producer.ts';
import type { Readiness } from '../src/readiness.ts';
import { startRelay } from '../src/relay/logical-relay.ts';
import type { RunningRelay } from '../src/relay/relay.ts';
import type { RelayObserver } from '../src/relay/relay-observer.ts';
import { fromStack } from '../src/testing/stack.ts';

const MIGRATIONS = new URL('../../../prisma/chassis/migrations/', import.meta.url);
export const quiet: RelayObserver = {
  sending: () => undefined,
  published: () => undefined,
  slot: () => undefined,
  active: () => undefined,
  recovering: () => undefined,
  republished: () => undefined,
};

/** A database of its own with the chassis' tables and a replication slot, on the real PostgreSQL. */
export class RealOutbox {
  readonly name = `test_relay_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  readonly slot = `${this.name}_outbox`;
  readonly url: string;
  readonly sql: Client;
  readonly #admin = new Client(fromStack('TEST_POSTGRES_ADMIN_URL'));
  readonly #clients: Client[] = [];
  readonly #relays: RunningRelay[] = [];

  private constructor() {
    const url = new URL(fromStack('TEST_POSTGRES_ADMIN_URL'));
    url.pathname = `/${this.name}`;
    this.url = url.href;
    this.sql = new Client(this.url);
  }

  static async create({ withSlot = true } = {}): Promise<RealOutbox> {
    const outbox = new RealOutbox();
    await outbox.#admin.connect();
    await outbox.#admin.query(`CREATE DATABASE ${outbox.name}`);
    await outbox.sql.connect();
    for (const name of readdirSync(MIGRATIONS).sort()) {
      await outbox.sql.query(readFileSync(new URL(`${name}/migration.sql`, MIGRATIONS), 'utf8'));
    }
    if (withSlot) await outbox.createSlot();
    return outbox;
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

  startRelay(parts: {
    publisher: Publisher;
    readiness: Readiness;
    log: Logger;
    topicPrefix: string;
    observer?: RelayObserver;
  }): RunningRelay {
    const relay = startRelay({ observer: quiet, ...parts, connectionString: this.url, slot: this.slot });
    this.#relays.push(relay);
    return relay;
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

const INSERT = `
  INSERT INTO outbox (id, aggregatetype, aggregateid, type, payload, ce_source, ce_time, ce_correlationid, ce_causationid)
  SELECT gen_random_uuid(), 'order', coalesce($2, label), 'troupe.order.OrderCreated', convert_to(label, 'UTF8'),
         '/troupe/order', '2026-11-21T07:00:00.000Z', label, 'cause'
  FROM unnest($1::text[]) WITH ORDINALITY AS o(label, position) ORDER BY position`;

/** Inserts one event for each label, in one statement; the label is its payload and, unless `key` is given, its key. */
export async function emit(client: Client, labels: readonly string[], key?: string): Promise<void> {
  await client.query(INSERT, [labels, key ?? null]);
}
