import { describe, expect, it } from '@jest/globals';
import { type ServiceName, serviceNames } from '@troupe/services';
import { between, othersShare, perOrder, type Spent } from '../src/compare/costs.ts';
import type { Reading } from '../src/compare/counters.ts';
import { comparedOrder, type Style, styles } from '../src/compare/orders.ts';
import { said, wordsText } from '../src/compare/readiness-words.ts';
import { type EndedOrder, ROUNDS, type Round } from '../src/compare/rounds.ts';
import { faultsOf } from '../src/compare/verdict.ts';
import { countBy } from '../src/measure/statistics.ts';
import { requestsIn } from '../src/stack/metrics-text.ts';

const none = Object.fromEntries(serviceNames.map((name) => [name, 0])) as Record<ServiceName, number>;
const events = { ...none, order: 200, payment: 90, inventory: 80, shipping: 70, notification: 100 };
const idle: Spent = { ms: 10_000, events: none, requests: 0, transactions: 200, cpuMs: 100, othersCpuMs: 0 };
const round: Spent = { ms: 20_000, events, requests: 500, transactions: 2_400, cpuMs: 1_200, othersCpuMs: 4_000 };

describe('the hundred orders', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => comparedOrder(index));

  it('have some that are declined, out of stock, or refused by the carrier', () => {
    expect(countBy(hundred.map(({ expected }) => expected))).toEqual({
      'CANCELLED OUT_OF_STOCK': 5,
      'CANCELLED PAYMENT_DECLINED': 5,
      'CANCELLED SHIPMENT_REFUSED': 4,
      CONFIRMED: 86,
    });
  });

  it('come to each style as often, and on average as late', () => {
    const places = (style: Style) => ROUNDS.flatMap((one, at) => (one === style ? [at] : []));
    const [one, other] = styles.map(places);
    expect(one).toHaveLength(other?.length ?? 0);
    const sum = (numbers: readonly number[] = []) => numbers.reduce((total, number) => total + number, 0);
    expect(sum(one)).toBe(sum(other));
  });
});

describe('what an order costs', () => {
  it('is what was spent more than the idle system spends in that time, shared among the orders', () => {
    expect(perOrder([round, round], 200, idle)).toEqual({
      events: 5.4,
      eventsOf: { ...none, order: 2, payment: 0.9, inventory: 0.8, shipping: 0.7, notification: 1 },
      requests: 5,
      transactions: 20,
      cpuMs: 10,
    });
  });

  it('has no CPU time where it cannot be measured', () => {
    expect(perOrder([{ ...round, cpuMs: undefined }], 100, idle).cpuMs).toBeUndefined();
    expect(perOrder([round], 100, { ...idle, cpuMs: undefined }).cpuMs).toBeUndefined();
  });

  it('lies between two readings', () => {
    const before: Reading = { atMs: 1_000, events, requests: 7, transactions: 50, cpuMs: 300, othersCpuMs: 10 };
    const after: Reading = {
      atMs: 3_500,
      events: { ...events, order: 203 },
      requests: 9,
      transactions: 80,
      cpuMs: 420,
      othersCpuMs: 60,
    };
    const spent = {
      ms: 2_500,
      events: { ...none, order: 3 },
      requests: 2,
      transactions: 30,
      cpuMs: 120,
      othersCpuMs: 50,
    };
    expect(between(before, after)).toEqual(spent);
    expect(between(before, { ...after, cpuMs: undefined }).cpuMs).toBeUndefined();
  });

  it('is told with what others had of the processors', () => {
    expect(othersShare([round, round], 2)).toBe(0.1);
    expect(othersShare([round, { ...round, othersCpuMs: undefined }], 2)).toBeUndefined();
  });

  it('counts the requests of the orchestrator, and not those of people', () => {
    const metrics = [
      '# TYPE http_server_request_duration_seconds histogram',
      'http_server_request_duration_seconds_bucket{le="0.1",method="POST",route="/reservations",status="200"} 9',
      'http_server_request_duration_seconds_count{method="POST",route="/reservations",status="200",service="inventory"} 12',
      'http_server_request_duration_seconds_count{method="POST",route="/reservations/:orderId/release",status="200"} 3',
      'http_server_request_duration_seconds_count{method="GET",route="/stock",status="200",service="inventory"} 40',
    ].join('\n');
    expect(requestsIn(metrics, '/reservations')).toBe(15);
    expect(requestsIn('', '/reservations')).toBe(0);
  });
});

describe('the check of a comparison', () => {
  const order = (orderId: string, end = 'CONFIRMED'): EndedOrder => ({ body: {}, expected: 'CONFIRMED', orderId, end });
  const played = (style: Style, ...orders: EndedOrder[]): Round => ({ style, orders, latenciesMs: [], spent: round });
  const rounds = [played('choreographed', order('a')), played('orchestrated', order('b'))];

  it('finds nothing when all is right', () => {
    expect(faultsOf(rounds, () => 1)).toEqual([]);
  });

  it('finds an order that ended otherwise, and that the styles then differ', () => {
    const wrong = [played('choreographed', order('a')), played('orchestrated', order('b', 'CANCELLED TIMEOUT'))];
    expect(faultsOf(wrong, () => 1)).toEqual([
      'Order b ended as CANCELLED TIMEOUT, and had to end as CONFIRMED.',
      'The customers see different ends in the two styles: {"CONFIRMED":1} and {"CANCELLED TIMEOUT":1}.',
    ]);
  });

  it('finds a customer who was told twice or never', () => {
    expect(faultsOf(rounds, (orderId) => (orderId === 'a' ? 2 : 0))).toEqual([
      'The customer of order a was told of its end 2 times.',
      'The customer of order b was told of its end 0 times.',
    ]);
  });
});

describe('what /readyz said', () => {
  const word = (atMs: number, status = 200, reason = '') => ({ atMs, status, reason });

  it('is told whenever it changed', () => {
    const words = [word(0), word(500), word(1_000, 503, 'away'), word(1_500, 503, 'still away'), word(12_000)];
    expect(said(words)).toEqual([word(0), word(1_000, 503, 'away'), word(12_000)]);
    expect(wordsText(words)).toBe('200, 503 from 1.0 s, 200 from 12.0 s');
    expect(wordsText([word(0), word(500)])).toBe('200 all the time');
  });
});
