import { setTimeout as sleep } from 'node:timers/promises';
import type { Producer } from 'kafkajs';
import type pg from 'pg';
import type { Sql } from '../business/steps.ts';
import type { Message } from '../choreography/message.ts';

export const MESSAGING_TABLES = `
  CREATE TABLE inbox (message_id uuid PRIMARY KEY, received_at timestamptz NOT NULL DEFAULT now());
  CREATE TABLE outbox (
    position bigserial PRIMARY KEY, message_id uuid NOT NULL, key text NOT NULL, payload jsonb NOT NULL,
    published_at timestamptz);
  CREATE INDEX outbox_unpublished ON outbox (position) WHERE published_at IS NULL;`;

const POLL_MS = 50;
const AT_MOST = 500;

/** Says whether the message is new. */
export async function receive(sql: Sql, { id }: Message): Promise<boolean> {
  const { rowCount } = await sql.query({
    name: 'receive',
    text: 'INSERT INTO inbox (message_id) VALUES ($1) ON CONFLICT DO NOTHING',
    values: [id],
  });
  return rowCount === 1;
}

export async function send(sql: Sql, said: Message): Promise<void> {
  await sql.query({
    name: 'send',
    text: 'INSERT INTO outbox (message_id, key, payload) VALUES ($1, $2, $3)',
    values: [said.id, said.order.orderId, JSON.stringify(said)],
  });
}

/** Publishes what is in the outbox, every 50 ms, and at once again while there is more than it takes at a time. */
export async function publishForEver(pool: pg.Pool, producer: Producer, topic: string): Promise<never> {
  for (;;) {
    const published = await publish(pool, producer, topic);
    if (published < AT_MOST) await sleep(POLL_MS);
  }
}

async function publish(pool: pg.Pool, producer: Producer, topic: string): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<{ position: string; key: string; payload: Message }>({
      name: 'unpublished',
      text: `SELECT position, key, payload FROM outbox WHERE published_at IS NULL
             ORDER BY position LIMIT ${AT_MOST} FOR UPDATE SKIP LOCKED`,
    });
    if (rows.length > 0) {
      const messages = rows.map(({ key, payload }) => ({ key, value: JSON.stringify(payload) }));
      await producer.send({ topic, messages });
      await client.query({
        name: 'published',
        text: 'UPDATE outbox SET published_at = now() WHERE position = ANY($1::bigint[])',
        values: [rows.map(({ position }) => position)],
      });
    }
    await client.query('COMMIT');
    return rows.length;
  } finally {
    client.release();
  }
}
