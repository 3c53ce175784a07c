import { describe, expect, it } from '@jest/globals';
import { orderFrom } from '../peers/business/front.ts';
import { servicesOf } from '../peers/choreography/services.ts';
import { fulfil, type Orchestrator } from '../peers/orchestrated/fulfil.ts';
import { withResolversForOldNode } from '../peers/orchestrated/restate/promises.ts';
import type { PeerBooks } from '../src/bench/peers/books.ts';
import { entriesOf } from '../src/bench/peers/command.ts';
import { reachedGoals, reachedOwnGoals } from '../src/bench/peers/goals.ts';
import { peerFaults } from '../src/bench/peers/peer-verdict.ts';
import { plotsOf } from '../src/bench/peers/plots.ts';
import { report } from '../src/bench/peers/report.ts';
import { type RunFigures, split } from '../src/bench/peers/run-figures.ts';
import { type PeersFigures, titleOf } from '../src/bench/peers/runs.ts';
import { ratio, spreadOf } from '../src/bench/peers/summary.ts';
import { goodOrder, mixedOrder } from '../src/measure/mix.ts';
import { median } from '../src/measure/statistics.ts';

const latency = (p50Ms: number) => ({
  orders: 1,
  ordersPerSecond: 20,
  p50Ms,
  p95Ms: p50Ms,
  p99Ms: 2 * p50Ms,
  maxMs: 9,
});

function run(sagasPerSecond: number, cpuMsPerSaga: number, p50Ms = 10): RunFigures {
  return {
    sagasPerSecond,
    cpuMsPerSaga,
    outsideCpuMsPerSaga: 0.5,
    driverCpuMsPerSaga: 1,
    transactionsPerSaga: 2,
    walBytesPerSaga: 1000,
    calm: latency(p50Ms),
    busy: latency(p50Ms),
    processes: [],
  };
}

describe('several runs of a system', () => {
  it('are told by the one in the middle, or the mean of the two in the middle', () => {
    expect(median([9, 100, 10])).toBe(10);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeUndefined();
  });

  it('are told with the least and the most of them', () => {
    expect(spreadOf([run(300, 5), run(100, 5), run(250, 5)], 'sagasPerSecond')).toEqual({
      median: 250,
      least: 100,
      most: 300,
    });
  });

  it('have no figure that none of them has', () => {
    expect(spreadOf([run(300, 5)], 'backlogSagasPerSecond')).toBeUndefined();
  });
});

describe('the ratio of two systems', () => {
  it('is that of their medians, ours above the peer', () => {
    expect(ratio([run(100, 8), run(900, 8), run(200, 8)], [run(400, 4)], 'sagasPerSecond')).toBe(0.5);
    expect(ratio([run(100, 8)], [run(400, 4)], 'cpuMsPerSaga')).toBe(2);
  });

  it('is not there when one of them has no figure', () => {
    expect(ratio([run(100, 8)], [], 'sagasPerSecond')).toBeUndefined();
  });

  it('reaches a goal or does not: more sagas, less CPU, less time', () => {
    const reached = (ours: RunFigures) =>
      Object.fromEntries(reachedGoals('restate', [ours], [run(100, 8, 10)]).map((goal) => [goal.metric, goal.reached]));
    expect(reached(run(400, 2, 10))).toEqual({
      sagasPerSecond: true,
      cpuMsPerSaga: true,
      calmP50Ms: true,
      busyP50Ms: true,
      busyP99Ms: true,
    });
    expect(reached(run(399, 2.1, 14))).toEqual({
      sagasPerSecond: false,
      cpuMsPerSaga: false,
      calmP50Ms: false,
      busyP50Ms: false,
      busyP99Ms: false,
    });
  });
});

describe('one product for all orders', () => {
  const hot = (sagasPerSecond: number, manySagasPerSecond: number) => ({
    sagasPerSecond,
    manySagasPerSecond,
    cpuMsPerSaga: 1,
  });

  it('is held against the same orders over many products in the same run, since a machine is not always equally fast', () => {
    const runs = [
      { ...run(50, 8), hot: hot(90, 100) },
      { ...run(300, 8), hot: hot(200, 400) },
      { ...run(100, 8), hot: hot(160, 200) },
    ];
    expect(spreadOf(runs, 'hotShare')).toEqual({ median: 0.8, least: 0.5, most: 0.9 });
    expect(reachedOwnGoals(runs)).toMatchObject([{ metric: 'hotShare', ratio: 0.8, reached: true }]);
  });

  it('reaches its goal with four fifths of the rate, and not with less', () => {
    expect(reachedOwnGoals([{ ...run(100, 8), hot: hot(79, 100) }])).toMatchObject([{ ratio: 0.79, reached: false }]);
    expect(reachedOwnGoals([run(100, 8)])).toEqual([]);
  });

  it('is a column, a goal and a picture', () => {
    const [ours, restate] = figures.measured;
    const measured = [
      { ...ours, runs: [{ ...run(800, 1.5), hot: hot(712, 800) }] },
      restate,
    ] as PeersFigures['measured'];
    const text = report({ ...figures, measured }).join('\n');
    expect(text).toContain('one product: sagas/s');
    expect(text).toMatch(/sagas\/s with one product, to those with many +at least 0.8 +0.89 +yes/);
    expect(plotsOf({ ...figures, measured }).get('one-product.svg')).toContain('>712</text>');
  });
});

describe('the CPU of a system', () => {
  it('is that of its processes, and that of the stand-ins for the outside apart', () => {
    const names = ['postgres', 'kafka', 'order', 'provider', 'carrier', 'mailbox'];
    const processes = names.map((name) => ({ name, cpuMsPerSaga: 1 }));
    expect(split(processes)).toEqual({ cpuMsPerSaga: 3, outsideCpuMsPerSaga: 3 });
  });
});

describe('which systems are measured', () => {
  it('are ours once, and each peer in the forms that were asked for', () => {
    expect(entriesOf(['ours', 'restate'], 'four')).toEqual([
      { system: 'ours', calls: 'same' },
      { system: 'restate', calls: 'four' },
    ]);
    expect(entriesOf(['ours', 'dbos'], 'both').map(({ calls }) => calls)).toEqual(['same', 'four', 'same']);
  });

  it('have one form of the bare choreography, which makes every call', () => {
    expect(entriesOf(['bare'], 'both')).toEqual([{ system: 'bare', calls: 'same' }]);
    expect(titleOf({ system: 'bare', calls: 'same' })).toBe('Bare batches');
    expect(titleOf({ system: 'tutorial', calls: 'same' })).toBe('Tutorial, same calls');
  });

  it('have shipping and notification only when they make the same calls as ours', () => {
    expect(servicesOf('four')).toEqual(['order', 'payment', 'inventory']);
    expect(servicesOf('same')).toEqual(['order', 'payment', 'inventory', 'shipping', 'notification']);
  });
});

describe('the check of a peer', () => {
  const placed = [
    { ...goodOrder(0), orderId: 'a', end: 'CONFIRMED' },
    { ...mixedOrder(7), orderId: 'b', end: 'CANCELLED PAYMENT_DECLINED' },
    { ...mixedOrder(17), orderId: 'c', end: 'CANCELLED OUT_OF_STOCK' },
  ];
  const right: PeerBooks = {
    ends: new Map(placed.map(({ orderId, end }) => [orderId, end])),
    sold: 1010,
    payments: new Map([
      ['COMPLETED', 1],
      ['DECLINED', 1],
      ['REFUNDED', 1],
    ]),
    stock: [
      { sku: 'SKU-001', initial: 10, available: 9, reserved: 1 },
      { sku: 'SKU-099', initial: 0, available: 0, reserved: 0 },
    ],
    ledger: [
      { kind: 'charge', reference: 'a', amount: 1010 },
      { kind: 'charge', reference: 'c', amount: 1990 },
      { kind: 'refund', reference: 'c', amount: 1990 },
    ],
    booked: ['a'],
    notified: ['a', 'b', 'c'],
  };

  it('finds nothing when all is right', () => {
    expect(peerFaults(placed, right)).toEqual([]);
    expect(peerFaults(placed, { ...right, booked: undefined, notified: undefined })).toEqual([]);
  });

  it('finds an order that its client was told another end of than is stored', () => {
    const ends = new Map([...right.ends, ['a', 'PENDING']]);
    expect(peerFaults(placed, { ...right, ends })).toEqual([
      '1 orders ended otherwise than they had to, such as a: answered CONFIRMED, stored PENDING, not CONFIRMED.',
    ]);
  });

  it('finds an order that is there without having been placed', () => {
    const ends = new Map([...right.ends, ['d', 'CONFIRMED']]);
    expect(peerFaults(placed, { ...right, ends })).toEqual(['There are 4 orders, and 3 were placed.']);
  });

  it('finds money that was not given back', () => {
    const faults = peerFaults(placed, { ...right, ledger: right.ledger.slice(0, 2) });
    expect(faults).toEqual([
      'refunds at the provider: 0, and it must be 1.',
      'money that the provider keeps, in cents: 3000, and it must be 1010.',
    ]);
  });

  it('finds an order that was charged twice', () => {
    const ledger = [...right.ledger, { kind: 'charge' as const, reference: 'a', amount: 1010 }];
    expect(peerFaults(placed, { ...right, ledger })).toContain('orders charged: 2, and it must be 3.');
  });

  it('finds units that are gone, or were taken for nobody', () => {
    const stock = [{ sku: 'SKU-001', initial: 10, available: 7, reserved: 2 }];
    expect(peerFaults(placed, { ...right, stock })).toEqual([
      'units of SKU-001: 9, and it must be 10.',
      'units of SKU-001 that are taken: 2, and it must be 1.',
    ]);
  });

  it('finds a parcel that was not booked and a customer who was not told', () => {
    expect(peerFaults(placed, { ...right, booked: [], notified: ['a', 'b', 'b'] })).toEqual([
      'bookings at the carrier: 0, and it must be 1.',
      'customers told: 2, and it must be 3.',
    ]);
  });
});

describe('the business of an orchestrated peer', () => {
  const order = orderFrom(goodOrder(0).body, 'a');

  function playing(answers: { readonly charge?: string | null; readonly reserve?: boolean }, calls: 'four' | 'same') {
    const steps: string[] = [];
    const outcomes: Readonly<Record<string, unknown>> = {
      'create order': 1010,
      charge: 'ch_1',
      reserve: true,
      ...answers,
    };
    const orchestrator: Orchestrator = {
      step: async <Outcome>(name: string) => {
        steps.push(name);
        return outcomes[name] as Outcome;
      },
      tell: async (_orderId, subject) => void steps.push(`tell ${subject}`),
    };
    const means = { sql: {} as never, outside: {} as never, calls };
    return { steps, end: fulfil(orchestrator, means, order) };
  }

  it('has four steps', async () => {
    const { steps, end } = playing({}, 'four');
    expect(await end).toEqual({ orderId: 'a', status: 'CONFIRMED', reason: null });
    expect(steps).toEqual(['create order', 'charge', 'reserve', 'confirm']);
  });

  it('books the carrier and tells the customer as well when the calls are the same as ours', async () => {
    const { steps, end } = playing({}, 'same');
    await end;
    expect(steps).toEqual(['create order', 'charge', 'reserve', 'book', 'confirm', 'tell confirmed']);
  });

  it('takes nothing from the stock when the card is declined', async () => {
    const { steps, end } = playing({ charge: null }, 'four');
    expect(await end).toMatchObject({ status: 'CANCELLED', reason: 'PAYMENT_DECLINED' });
    expect(steps).toEqual(['create order', 'charge', 'cancel']);
  });

  it('gives the money back when the product is out of stock', async () => {
    const { steps, end } = playing({ reserve: false }, 'four');
    expect(await end).toMatchObject({ status: 'CANCELLED', reason: 'OUT_OF_STOCK' });
    expect(steps).toEqual(['create order', 'charge', 'reserve', 'refund', 'cancel']);
  });
});

describe('what Restate needs of a newer Node', () => {
  it('is there, and is settled from outside', async () => {
    withResolversForOldNode();
    type Settled = { promise: Promise<unknown>; resolve(value: number): void; reject(error: Error): void };
    const { withResolvers } = Promise as unknown as { withResolvers(): Settled };
    const [kept, broken] = [withResolvers.call(Promise), withResolvers.call(Promise)];
    kept.resolve(7);
    broken.reject(new Error('no'));
    expect(await kept.promise).toBe(7);
    await expect(broken.promise).rejects.toThrow('no');
  });
});

const figures: PeersFigures = {
  warmUp: 6000,
  orders: 3000,
  runs: 2,
  processors: 2,
  node: '20',
  loadBefore: [0.5, 1],
  minutes: 9,
  measured: [
    { system: 'ours', calls: 'same', runs: [run(800, 1.5), run(900, 1.4)], faults: [] },
    { system: 'restate', calls: 'four', runs: [run(400, 4)], faults: ['An order was lost.'] },
  ],
};

describe('the comparison for people', () => {
  const text = report(figures).join('\n');

  it('tells medians with their spread, ratios and goals', () => {
    expect(text).toContain('3,000 orders after a warm-up of 6,000');
    expect(text).toContain('850 (800-900)');
    expect(text).toMatch(/Troupe \/ Restate, four steps +2\.13 +0\.36/);
    expect(text).toMatch(/sagas\/s, 256 in flight, to Restate, four steps +at least 4 +2\.13 +no/);
  });

  it('tells which runs have no figures, and why', () => {
    expect(text).toContain('Restate, four steps went wrong, and those runs have no figures:\n  An order was lost.');
  });
});

describe('the pictures', () => {
  it('draw each system in which the figure was measured', () => {
    const plots = plotsOf(figures);
    expect([...plots.keys()]).toEqual(['throughput.svg', 'cpu.svg', 'latency-20.svg', 'latency-200.svg']);
    expect(plots.get('throughput.svg')).toContain('>Restate, four steps</text>');
    expect(plots.get('throughput.svg')).toContain('>850</text>');
    expect(plots.get('latency-20.svg')).toContain('>p99 20</text>');
  });

  it('have bars as long as their medians', () => {
    const [ours, peer] = figures.measured as [PeersFigures['measured'][0], PeersFigures['measured'][0]];
    const measured = [
      { ...ours, runs: [run(400, 1)] },
      { ...peer, runs: [run(100, 1)] },
    ];
    const svg = plotsOf({ ...figures, measured }).get('throughput.svg') ?? '';
    const [longer = 0, shorter = 0] = [...svg.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map(([, width]) =>
      Number(width),
    );
    expect(longer / shorter).toBeCloseTo(4);
  });
});
