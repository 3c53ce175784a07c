import { describe, expect, it } from '@jest/globals';
import { checks, type Expectation, type Findings } from '../src/demo/expectation.ts';
import { progressOf } from '../src/demo/progress.ts';
import { overview, verdict } from '../src/demo/report.ts';
import { kindOf, rushChecks } from '../src/demo/rush.ts';
import { type SagaView, sagaChecks, sagaLines } from '../src/demo/saga.ts';
import { stories } from '../src/demo/stories.ts';
import { isGood, type StoryResult } from '../src/demo/story-result.ts';
import { TooLate, until } from '../src/demo/until.ts';
import { inFlight } from '../src/measure/loads.ts';
import { plain } from '../src/terminal/paint.ts';

const stock = { sku: 'SKU-001', available: 100, reserved: 0, shipped: 5, initial: 105, restocked: 0 };
const confirmed: Expectation = {
  order: { status: 'CONFIRMED', reason: null },
  payment: ['COMPLETED'],
  stock: 'shipped' as const,
  shipment: 'SCHEDULED' as const,
  notified: ['ORDER_CONFIRMED'],
};
const good: Findings = {
  quantity: 2,
  order: { orderId: 'o', status: 'CONFIRMED', reason: null, total: 500 },
  payment: { status: 'COMPLETED', amount: 500 },
  stockBefore: stock,
  stockAfter: { ...stock, available: 98, shipped: 7 },
  shipment: { status: 'SCHEDULED' },
  notifications: [{ template: 'ORDER_CONFIRMED', status: 'SENT' }],
};
const cancelled: Expectation = {
  order: { status: 'CANCELLED', reason: 'OUT_OF_STOCK' },
  payment: ['FAILED', 'REFUNDED'],
  stock: 'unchanged' as const,
  shipment: 'none' as const,
  notified: ['ORDER_CANCELLED'],
};
const undone: Findings = {
  ...good,
  order: { orderId: 'o', status: 'CANCELLED', reason: 'OUT_OF_STOCK', total: 500 },
  payment: { status: 'REFUNDED' },
  stockAfter: stock,
  shipment: undefined,
  notifications: [{ template: 'ORDER_CANCELLED', status: 'SENT' }],
};

/** What was found wrong. */
const wrong = (expected: Expectation, findings: Findings) =>
  checks(expected, findings)
    .filter(({ ok }) => !ok)
    .map(({ what, expected: wanted, seen }) => `${what}: ${wanted} / ${seen}`);

describe('the end of a story', () => {
  it('is good when every service says so', () => {
    expect(wrong(confirmed, good)).toEqual([]);
    expect(wrong(cancelled, undone)).toEqual([]);
  });

  it('is not good because the order alone has the right status', () => {
    expect(wrong(confirmed, { ...good, payment: { status: 'REFUNDED' } })).toEqual(['payment: COMPLETED / REFUNDED']);
    expect(wrong(confirmed, { ...good, payment: { status: 'COMPLETED', amount: 499 } })).toEqual([
      'amount paid: 500 / 499',
    ]);
    expect(wrong(confirmed, { ...good, shipment: undefined })).toEqual(['shipment: SCHEDULED / none']);
    expect(wrong(confirmed, { ...good, stockAfter: { ...stock, available: 98, reserved: 2 } })).toEqual([
      'stock: −2 available, +2 shipped / −2 available, +2 reserved',
    ]);
    expect(wrong(confirmed, { ...good, notifications: [] })).toEqual(['customer told: ORDER_CONFIRMED / nothing']);
  });

  it('is not good with another reason', () => {
    const order = { ...undone.order, reason: 'TIMEOUT' };
    expect(wrong(cancelled, { ...undone, order })).toEqual(['order: CANCELLED OUT_OF_STOCK / CANCELLED TIMEOUT']);
  });

  it('is not good when the customer was told twice, or the e-mail was refused', () => {
    const [notification] = undone.notifications;
    const twice = { ...undone, notifications: [...undone.notifications, ...undone.notifications] };
    expect(wrong(cancelled, twice)).toEqual(['customer told: ORDER_CANCELLED / ORDER_CANCELLED, ORDER_CANCELLED']);
    const refused = { ...undone, notifications: [{ template: notification?.template ?? '', status: 'FAILED' }] };
    expect(wrong(cancelled, refused)).toEqual(['customer told: ORDER_CANCELLED / ORDER_CANCELLED (FAILED)']);
  });

  it('takes a shipment that is never to be booked for none, and units that came in meanwhile for nobody’s', () => {
    expect(wrong(cancelled, { ...undone, shipment: { status: 'VOID' } })).toEqual([]);
    expect(wrong(cancelled, { ...undone, stockAfter: { ...stock, available: 110, restocked: 10 } })).toEqual([]);
  });

  it('is expected of each story in every service', () => {
    for (const { ends } of stories) {
      const isSold = ends.order.status === 'CONFIRMED';
      expect(ends.payment.includes('COMPLETED')).toBe(isSold);
      expect(ends.stock).toBe(isSold ? 'shipped' : 'unchanged');
      expect(ends.notified).toContain(isSold ? 'ORDER_CONFIRMED' : 'ORDER_CANCELLED');
    }
  });
});

describe('the rush', () => {
  const won = { order: 'CONFIRMED', payment: 'COMPLETED', shipment: 'SCHEDULED', notified: 'ORDER_CONFIRMED SENT' };
  const lost = {
    order: 'CANCELLED OUT_OF_STOCK',
    payment: 'REFUNDED',
    shipment: 'none',
    notified: 'ORDER_CANCELLED SENT',
  };
  const expected = new Map([
    [kindOf(won), 1],
    [kindOf(lost), 2],
  ]);

  it('is good when as many got the product as there was, and the others their money', () => {
    expect(rushChecks(expected, [won, lost, lost]).every(({ ok }) => ok)).toBe(true);
  });

  it('is not good when one too many got it', () => {
    expect(rushChecks(expected, [won, won, lost]).map(({ seen }) => seen)).toEqual(['2 orders', '1 orders']);
    expect(rushChecks(expected, [won, won, lost]).some(({ ok }) => ok)).toBe(false);
  });

  it('names an outcome that must not be', () => {
    const kept = { ...lost, payment: 'COMPLETED' };
    const [, , unexpected] = rushChecks(expected, [won, lost, lost, kept]);
    expect(unexpected).toEqual({ what: kindOf(kept), expected: '0 orders', seen: '1 orders', ok: false });
  });
});

describe('the report of the demo', () => {
  const result: StoryResult = {
    name: 'confirmed',
    title: 'Goes well',
    orders: [],
    checks: checks(confirmed, good),
    ms: 600,
  };
  const bad: StoryResult = { ...result, name: 'bad', checks: checks(confirmed, { ...good, shipment: undefined }) };
  const late: StoryResult = { ...result, name: 'late', checks: [], failure: 'Waited in vain.' };

  it('says that a story ended as it must', () => {
    expect(isGood(result)).toBe(true);
    expect(verdict(result, plain)).toEqual(['  ✔ as it must be (0.6 s)']);
  });

  it('says what was expected and what was seen', () => {
    expect([isGood(bad), isGood(late)]).toEqual([false, false]);
    expect(verdict(bad, plain)).toEqual([
      '  ✗ not as it must be (0.6 s)',
      '      shipment: expected SCHEDULED, seen none',
    ]);
    expect(verdict(late, plain)).toEqual(['  ✗ not as it must be (0.6 s)', '      Waited in vain.']);
  });

  it('puts all stories into one table', () => {
    expect(overview([result, bad])).toEqual([
      '   story      order      payment    stock                     shipment   customer told    time',
      '─  ─────────  ─────────  ─────────  ────────────────────────  ─────────  ───────────────  ─────',
      '✔  confirmed  CONFIRMED  COMPLETED  −2 available, +2 shipped  SCHEDULED  ORDER_CONFIRMED  0.6 s',
      '✗  bad        CONFIRMED  COMPLETED  −2 available, +2 shipped  none       ORDER_CONFIRMED  0.6 s',
    ]);
  });
});

describe('the saga of a story with an orchestrator', () => {
  const step = (name: string, status: string, attempts = 1) => ({ name, status, attempts });
  const undoneAt = (at: string, attempts = 1) => ({ compensation: { status: 'DONE', attempts, startedAt: at } });
  const completed: SagaView = {
    sagaId: 's',
    status: 'COMPLETED',
    steps: [step('create order', 'DONE', 0), step('charge payment', 'DONE', 2), step('confirm order', 'DONE', 0)],
  };
  const failed: SagaView = {
    sagaId: 's',
    status: 'FAILED',
    cause: { code: 'OUT_OF_STOCK', step: 'reserve stock' },
    steps: [
      { ...step('create order', 'DONE', 0), ...undoneAt('2026-11-25T10:00:00.002Z', 0) },
      { ...step('charge payment', 'DONE'), ...undoneAt('2026-11-25T10:00:00.001Z', 3) },
      step('reserve stock', 'REFUSED'),
      step('confirm order', 'PENDING', 0),
    ],
  };
  /** What was found wrong. */
  const wrong = (status: string, saga: SagaView) =>
    sagaChecks(status, saga)
      .filter(({ ok }) => !ok)
      .map(({ what, expected, seen }) => `${what}: ${expected} / ${seen}`);

  it('is good when everything is done, or everything undone in reverse order', () => {
    expect([wrong('CONFIRMED', completed), wrong('CANCELLED', failed)]).toEqual([[], []]);
  });

  it('is not good when it has not ended, or has left a step or its turn out', () => {
    expect(wrong('CONFIRMED', { ...completed, status: 'STARTED' })).toEqual(['saga: COMPLETED / STARTED']);
    const [first, second, ...rest] = failed.steps;
    if (first === undefined || second === undefined) throw new Error('The story has two steps.');
    const left = { ...failed, steps: [first, step('charge payment', 'UNKNOWN'), ...rest] };
    expect(wrong('CANCELLED', left)).toEqual(['steps undone: charge payment, create order / create order']);
    const turned = { ...failed, steps: [{ ...first, ...undoneAt('2026-11-25T09:59:59.000Z') }, second, ...rest] };
    expect(wrong('CANCELLED', turned)).toEqual([
      'steps undone: charge payment, create order / create order, charge payment',
    ]);
  });

  it('is told in two lines', () => {
    expect(sagaLines(completed)).toEqual([
      'GET /sagas/s → COMPLETED',
      '  create order, charge payment (2 attempts), confirm order',
    ]);
    expect(sagaLines(failed)).toEqual([
      'GET /sagas/s → FAILED (OUT_OF_STOCK at reserve stock)',
      '  create order, charge payment, reserve stock REFUSED; undone: charge payment (3 attempts), create order',
    ]);
  });

  it('has a column beside the services', () => {
    const saga = {
      ...resultOf('CONFIRMED'),
      checks: [...checks(confirmed, good), ...sagaChecks('CONFIRMED', completed)],
    };
    expect(overview([saga])[0]).toContain('customer told    saga       time');
  });

  function resultOf(name: string): StoryResult {
    return { name, title: '', orders: [], checks: [], ms: 0 };
  }
});

describe('until', () => {
  it('ends with an answer, or with what was waited for in vain', async () => {
    let looks = 0;
    await expect(until('it came', async () => (++looks === 3 ? 'here' : undefined))).resolves.toBe('here');
    await expect(until('pigs fly', async () => undefined, 0)).rejects.toThrow(
      new TooLate('Waited 0 s in vain until pigs fly.'),
    );
  });

  it('does many things, never more at once than allowed, and keeps their order', async () => {
    let running = 0;
    let most = 0;
    const doubled = await inFlight(7, 3, async (index) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return index * 2;
    });
    expect([doubled, most]).toEqual([[0, 2, 4, 6, 8, 10, 12], 3]);
  });
});

describe('the progress of an order', () => {
  it('is read from the stream, without comments and the end', () => {
    const block = 'id: 2\nevent: PaymentReceived\ndata: {"orderId":"o","status":"PENDING"}';
    expect(progressOf(block)).toEqual({ name: 'PaymentReceived', status: 'PENDING' });
    expect(progressOf(': still here')).toBeUndefined();
    expect(progressOf('event: end\ndata: {"status":"CONFIRMED"}')).toBeUndefined();
  });
});
