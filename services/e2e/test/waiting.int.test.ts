import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { firstIdAt, uuidv7 } from '@troupe/chassis';
import { type ClonedDatabase, cloneWithClient, query } from '@troupe/chassis/testing';
import { PrismaClient } from '@troupe/payment-database';
import { callKinds, overdueCallsMonitor, waitingRoute } from '../../chassis/src/operations/waiting.ts';
import { metrics } from '../../chassis/src/telemetry/metrics.ts';
import { tables } from './races/shop.ts';

const payment = tables.find(({ service }) => service === 'payment') as (typeof tables)[number];

let clone: ClonedDatabase & { readonly database: PrismaClient };
beforeAll(async () => {
  clone = await cloneWithClient('payment', (adapter) => new PrismaClient({ adapter }));
});
afterAll(() => clone.drop());

const secondsAgo = (n: number): Date => new Date(Date.now() - n * 1_000);
/** A pending call or timer that was asked for some time ago; answers its key. */
async function pending(kind: 'call' | 'timer', name: string, askedS: number, dueS = 0, lastError?: string) {
  const [asked, key] = [secondsAgo(askedS), uuidv7()];
  const id = firstIdAt(asked).slice(0, 24) + key.slice(24);
  const error = lastError === undefined ? 'NULL' : `'${lastError}'`;
  await query(
    clone.url,
    `INSERT INTO chassis.task (id, kind, name, key, data, due_at, attempts, last_error, correlation_id, causation_id)
     VALUES ('${id}', '${kind}', '${name}', '${key}', '{}', '${secondsAgo(dueS).toISOString()}', 3, ${error}, '${key}', '')`,
  );
  return key;
}
const setAside = (offset: number, key: string, status: string, error?: string) =>
  query(
    clone.url,
    `INSERT INTO chassis.dead_letter (id, topic, partition, "offset", key_text, key, headers, record_time, status, error_code, settled_at)
     VALUES (gen_random_uuid(), 'order.events', 0, ${offset}, '${key}', convert_to('${key}', 'UTF8'), '{}', now(), '${status}',
             ${error === undefined ? 'NULL' : `'${error}'`}, ${status === 'HANDLED' ? 'now()' : 'NULL'})`,
  );

interface Waiting {
  readonly calls: readonly {
    readonly call: string;
    readonly overdue: number;
    readonly oldest: readonly { since: string }[];
  }[];
  readonly timers: readonly object[];
  readonly deadLetters: readonly object[];
}
async function waiting(limit = 20): Promise<Waiting> {
  const route = waitingRoute(clone.database, payment);
  const { body } = await route.handle({ params: {}, query: { limit } } as never);
  const sent = JSON.parse(JSON.stringify(body));
  expect(route.response.parse(sent)).toEqual(sent);
  return sent as Waiting;
}

describe('what waits in a service', () => {
  it('is measured by the longest `within` of the reactions that start a call', () => {
    expect(callKinds(payment)).toEqual([
      { name: 'Charge', allowedMs: 20_000 },
      { name: 'Refund', allowedMs: 30_000 },
    ]);
  });

  it('are the calls that had no outcome in time, the oldest order first, with what the outside said last', async () => {
    const first = await pending('call', 'Charge', 90, 0, 'The payment provider gave no answer.');
    const second = await pending('call', 'Charge', 40);
    await pending('call', 'Charge', 0);
    const { calls } = await waiting();
    expect(calls).toEqual([
      {
        call: 'Charge',
        allowedMs: 20_000,
        overdue: 2,
        oldest: [
          expect.objectContaining({ orderId: first, attempts: 3, lastError: 'The payment provider gave no answer.' }),
          expect.objectContaining({ orderId: second, lastError: null }),
        ],
      },
      { call: 'Refund', allowedMs: 30_000, overdue: 0, oldest: [] },
    ]);
    const [since] = calls.flatMap(({ oldest }) => oldest.map((call) => Date.parse(call.since)));
    expect(Math.abs((since ?? 0) - secondsAgo(90).getTime())).toBeLessThan(60_000);
  });

  it('are counted beyond what is listed, and for the metric', async () => {
    expect((await waiting(1)).calls[0]).toMatchObject({ overdue: 2, oldest: [expect.anything()] });
    await overdueCallsMonitor(clone.database, payment).look();
    expect(await metrics.getSingleMetricAsString('troupe_calls_overdue')).toContain('{call="Charge"} 2');
  });

  it('are the timers that should have gone off', async () => {
    const late = await pending('timer', 'ApprovalExpiry', 100, 60);
    await pending('timer', 'ApprovalExpiry', 100, 1);
    await pending('timer', 'ApprovalExpiry', 100, -60);
    expect((await waiting()).timers).toEqual([{ timer: 'ApprovalExpiry', orderId: late, dueAt: expect.any(String) }]);
  });

  it('are the keys behind a dead letter, each with its cause and what is parked; settled ones are not', async () => {
    await setAside(1, 'a', 'DEAD', 'RULE_THREW');
    for (const offset of [2, 3]) await setAside(offset, 'a', 'PARKED');
    await setAside(4, 'b', 'QUARANTINED', 'UNDECODABLE');
    await setAside(5, 'c', 'HANDLED', 'RULE_THREW');
    const since = expect.any(String);
    expect((await waiting()).deadLetters).toEqual([
      { topic: 'order.events', key: 'a', dead: 1, parked: 2, quarantined: 0, since, errorCode: 'RULE_THREW' },
      { topic: 'order.events', key: 'b', dead: 0, parked: 0, quarantined: 1, since, errorCode: 'UNDECODABLE' },
    ]);
  });
});
