import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connections, type Front, query } from '@troupe/chassis/testing';
import { orderService } from '@troupe/order';
import pg from 'pg';
import { many, type Rig, rigOf } from './rig.ts';

const BURST = 10_000;
const PLACES = 500;
/** Above the number of places: some of these connections stay with those who wait, the others carry the rest of the burst. */
const CLIENTS = 800;
/** A statement that waits for a lock is not to be taken for a database that fell silent, however long the burst takes. */
const PATIENT_MS = 600_000;

let rig: Rig;
let front: Front;
let agent: Agent;
let database: pg.Client;
beforeEach(async () => {
  rig = await rigOf(orderService, 'order', (url) => connections(url, PATIENT_MS));
  front = await rig.serve({ commandsAtOnce: PLACES, commandMs: PATIENT_MS });
  agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  database = new pg.Client({ connectionString: rig.url });
  await database.connect();
});
afterEach(async () => {
  await database.end();
  agent.destroy();
  await front.close();
  await rig.close();
});

/** No transaction of the service comes to its end, until what this returns is called. */
async function holdUpCommits(): Promise<() => Promise<unknown>> {
  await database.query('BEGIN; LOCK TABLE chassis.outbox IN ACCESS EXCLUSIVE MODE');
  return () => database.query('COMMIT');
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: { readonly orderId?: string; readonly code?: string };
}

function place(signal?: AbortSignal): Promise<Answer> {
  const body = JSON.stringify({ items: [{ sku: 'SKU-001', quantity: 1 }], paymentToken: 'tok_ok' });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const options = { method: 'POST', agent, headers, ...(signal && { signal }) };
  return new Promise((resolve, reject) => {
    const sent = request(`${front.url}/orders`, options, (response) => {
      const { statusCode: status = 0, headers } = response;
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      response.on('end', () => resolve({ status, retryAfter: headers['retry-after'], body: JSON.parse(text) }));
    });
    sent.on('error', reject).end(body);
  });
}

/** How many requests have a place, as the metrics say. */
async function waiting(): Promise<number> {
  const text = await (await fetch(`${front.url}/metrics`)).text();
  return Number(/^troupe_requests_held{kind="commands"} (\d+)$/m.exec(text)?.[1]);
}

const ids = async (sql: string): Promise<string[]> => {
  const rows = await query<{ id: string }>(rig.url, sql);
  return rows.map(({ id }) => id).sort();
};

/** Everything that a placed order leaves in the database, by order. */
const traces = () =>
  Promise.all([
    ids('SELECT order_id::text AS id FROM orders'),
    ids('SELECT order_id::text AS id FROM order_event'),
    ids('SELECT aggregateid::text AS id FROM chassis.outbox'),
    ids("SELECT key AS id FROM chassis.task WHERE kind = 'timer'"),
  ]);

describe('ten thousand requests at a service whose database stands still', () => {
  it('have places for so many, the rest is told to come back, and each that was accepted takes effect, once', async () => {
    const goOn = await holdUpCommits();
    let told: () => void = () => undefined;
    const restIsTold = new Promise<void>((resolve) => {
      told = resolve;
    });
    const sentAway: Answer[] = [];
    const all = many(BURST, async () => {
      const answer = await place();
      if (answer.status === 503) sentAway.push(answer);
      if (sentAway.length === BURST - PLACES) told();
      return answer;
    });
    await restIsTold;
    await goOn();
    const accepted = (await Promise.all(all)).filter(({ status }) => status === 202);
    expect(sentAway.filter(({ body, retryAfter }) => body.code !== 'OVERLOADED' || !Number(retryAfter))).toEqual([]);
    expect(accepted).toHaveLength(PLACES);
    const orders = accepted.map(({ body }) => String(body.orderId)).sort();
    expect(await traces()).toEqual(many(4, () => orders));
    expect((await place()).status).toBe(202);
  }, 240_000);

  it('leave nothing half done when their clients go away while they wait', async () => {
    const goOn = await holdUpCommits();
    const hangingUp = new AbortController();
    const gone = many(50, () => place(hangingUp.signal).catch(() => undefined));
    const stayed = many(50, () => place());
    while ((await waiting()) < 100) await sleep(10);
    hangingUp.abort();
    await Promise.all(gone);
    await goOn();
    const answers = await Promise.all(stayed);
    expect(answers.map(({ status }) => status)).toEqual(many(50, () => 202));
    const [orders, ...rest] = await traces();
    expect(rest).toEqual(many(3, () => orders));
    expect(orders).toEqual(expect.arrayContaining(answers.map(({ body }) => body.orderId)));
  });
});
