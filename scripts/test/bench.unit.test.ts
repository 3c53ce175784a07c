import { describe, expect, it } from '@jest/globals';
import { cpuPerSaga, Peaks } from '../src/measure/meter/meter.ts';
import { parseStat } from '../src/measure/meter/processes.ts';
import { ENDS, goodOrder, mixedOrder } from '../src/measure/mix.ts';
import { percentile } from '../src/measure/statistics.ts';
import { countsByKind, type Evidence, faultsOf } from '../src/measure/verdict.ts';
import { countOf } from '../src/terminal/options.ts';
import { table } from '../src/terminal/table.ts';

describe('percentiles', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it('are values that were measured, by nearest rank', () => {
    expect([50, 95, 99, 100].map((percent) => percentile(hundred, percent))).toEqual([50, 95, 99, 100]);
    expect(percentile([3, 1, 2], 50)).toBe(2);
    expect(percentile([15, 20, 35, 40, 50], 30)).toBe(20);
    expect(percentile([7], 1)).toBe(7);
  });

  it('compare numbers as numbers', () => {
    expect(percentile([9, 10, 100], 100)).toBe(100);
  });

  it('do not exist without values', () => {
    expect(() => percentile([], 50)).toThrow('no percentile of no values');
  });
});

describe('the mix of orders', () => {
  it('has five of a hundred with a declined card and five out of stock', () => {
    const orders = Array.from({ length: 3_000 }, (_, index) => ({ ...mixedOrder(300 + index), orderId: '', end: '' }));
    expect(countsByKind(orders)).toEqual({ confirmed: 2_700, declined: 150, outOfStock: 150 });
  });

  it('asks only for products of which there is plenty, beside the one that is out of stock', () => {
    const skus = new Set(Array.from({ length: 500 }, (_, index) => mixedOrder(index).sku));
    for (const special of ['SKU-050', 'SKU-098', 'SKU-100']) expect(skus).not.toContain(special);
    expect(goodOrder(17).body).toEqual({ items: [{ sku: 'SKU-018', quantity: 1 }], paymentToken: 'tok_ok' });
  });
});

describe('the check of a run', () => {
  const stock = { sku: 'SKU-001', available: 9, reserved: 0, shipped: 1, initial: 10, restocked: 0 };
  const before = { ...stock, available: 10, shipped: 0 };
  const placed = (kind: keyof typeof ENDS, orderId: string) => ({ ...goodOrder(0), kind, orderId, end: ENDS[kind] });
  const right: Evidence = {
    orders: [placed('confirmed', 'a'), placed('declined', 'b')],
    listed: new Map([
      ['CONFIRMED', 1],
      ['CANCELLED PAYMENT_DECLINED', 1],
    ]),
    timesNotified: () => 1,
    stockBefore: new Map([['SKU-001', before]]),
    stockAfter: new Map([['SKU-001', stock]]),
    exclusive: true,
  };

  it('finds nothing when all is right', () => {
    expect(faultsOf(right)).toEqual([]);
  });

  it('finds an order that ended otherwise', () => {
    const orders = [{ ...placed('confirmed', 'a'), end: 'CANCELLED TIMEOUT' }, placed('declined', 'b')];
    expect(faultsOf({ ...right, orders })).toEqual([
      '1 orders ended otherwise than they had to, such as a: CANCELLED TIMEOUT, not CONFIRMED.',
    ]);
  });

  it('finds an order that is not at its end, lost, or there twice', () => {
    const faults = faultsOf({
      ...right,
      listed: new Map([
        ['PENDING', 1],
        ['CANCELLED PAYMENT_DECLINED', 2],
      ]),
    });
    expect(faults).toEqual([
      'GET /orders lists 0 orders that are CONFIRMED, and 1 must be.',
      'GET /orders lists 2 orders that are CANCELLED PAYMENT_DECLINED, and 1 must be.',
      'GET /orders lists 1 orders that are PENDING, and 0 must be.',
    ]);
  });

  it('finds a customer who was told twice or never', () => {
    const timesNotified = (orderId: string) => (orderId === 'b' ? 2 : 1);
    expect(faultsOf({ ...right, timesNotified })).toEqual([
      'Of 1 orders the customer was not told once, such as b: 2 times.',
    ]);
  });

  it('finds units that vanished, that are still reserved, or that were shipped to nobody', () => {
    const after = (change: object) =>
      faultsOf({ ...right, stockAfter: new Map([['SKU-001', { ...stock, ...change }]]) });
    expect(after({ available: 8 })).toEqual([expect.stringContaining('do not add up')]);
    expect(after({ available: 8, reserved: 1 })).toEqual(['1 units of SKU-001 are still reserved.']);
    expect(after({ available: 8, shipped: 2 })).toEqual(['Of SKU-001, 2 units were shipped, and 1 were sold.']);
  });

  it('lets others buy on a system that is shared, and still misses units of its own', () => {
    const shared = (change: object) =>
      faultsOf({ ...right, exclusive: false, stockAfter: new Map([['SKU-001', { ...stock, ...change }]]) });
    expect(shared({ available: 7, shipped: 2, reserved: 1 })).toEqual([]);
    expect(shared({ available: 10, shipped: 0 })).toEqual(['Of SKU-001, 0 units were shipped, and 1 were sold.']);
  });
});

describe('the cost of a saga', () => {
  const time = { name: 'order', pid: 7, cpuMs: 100 };

  it('is the CPU time of each process between two readings', () => {
    expect(cpuPerSaga([time], [{ ...time, cpuMs: 400 }], 300)).toEqual([{ name: 'order', cpuMsPerSaga: 1 }]);
  });

  it('is not known when a process was restarted', () => {
    expect(() => cpuPerSaga([time], [{ ...time, pid: 8 }], 300)).toThrow('order ended during the measurement');
  });

  it('is read from /proc, also of a process with blanks and brackets in its name', () => {
    const stat = '42 (post (gres) x) S 7 42 42 0 -1 4194560 1 2 3 4 150 50 30 20 20 0 1 0 999 1 2';
    expect(parseStat(stat)).toEqual({ parent: 7, cpuMs: 2_500 });
  });
});

describe('the peaks of memory', () => {
  it('are the most of each process, and the most that all had at one moment', () => {
    const peaks = new Peaks();
    peaks.see([
      { name: 'order', megabytes: 100 },
      { name: 'kafka', megabytes: 300 },
    ]);
    peaks.see([
      { name: 'order', megabytes: 150 },
      { name: 'kafka', megabytes: 200 },
    ]);
    expect([peaks.of('order'), peaks.of('kafka'), peaks.total]).toEqual([150, 300, 400]);
    expect(peaks.of('postgres')).toBe(0);
  });
});

describe('tables', () => {
  it('set numbers to the right and text to the left, each column as wide as it must be', () => {
    expect(
      table(
        ['name', 'MB'],
        [
          ['order', 7],
          ['Kafka', 1_234],
        ],
      ),
    ).toEqual(['name     MB', '─────  ────', 'order     7', 'Kafka  1234']);
  });
});

describe('options', () => {
  it('are counted from one', () => {
    expect(countOf('orders', '3000')).toBe(3_000);
    for (const text of ['0', '-1', '1.5', 'many', '']) expect(() => countOf('orders', text)).toThrow('--orders');
  });
});
