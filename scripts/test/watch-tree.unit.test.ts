import { describe, expect, it } from '@jest/globals';
import { coloured, plain } from '../src/terminal/paint.ts';
import { isOver, statusOf } from '../src/watch/saga-end.ts';
import { sagaTree } from '../src/watch/saga-tree.ts';
import type { Seen } from '../src/watch/seen.ts';

const order = '01a1fd2b-f180-70da-95e8-1af30bfa07e2';
const wide = { paint: plain, width: Number.POSITIVE_INFINITY };

function event(id: string, at: number, rest: Partial<Seen>): Seen {
  const common = { kind: 'event' as const, orderId: order, cause: undefined, details: '', data: {} };
  return { ...common, service: 'order', name: 'OrderCreated', id, at, ...rest };
}

const created = event('1', 1_000, { details: '$25.00' });
const paid = event('2', 1_034, { cause: '1', service: 'payment', name: 'PaymentCompleted' });
const reserved = event('3', 1_050, { cause: '2', service: 'inventory', name: 'InventoryReserved' });
const cancelled = event('4', 1_060, { name: 'OrderCancelled' });
const told = event('5', 1_090, {
  cause: '4',
  service: 'notification',
  name: 'NotificationSent',
  data: { template: 'ORDER_CANCELLED' },
});
const refunded = event('6', 1_100, { cause: '4', service: 'payment', name: 'PaymentRefunded' });
const released = event('7', 1_110, { cause: '4', service: 'inventory', name: 'InventoryReleased' });

describe('the tree of a saga', () => {
  it('puts each event below the one that caused it, with the time since the beginning and since its cause', () => {
    expect(sagaTree(order, [created, paid, reserved, cancelled, told, refunded], wide)).toEqual([
      `Order ${order}: CANCELLED, 6 events in 100 ms`,
      '  0 ms  OrderCreated (order)  $25.00',
      ' 34 ms  └─ PaymentCompleted (payment, +34 ms)',
      ' 50 ms     └─ InventoryReserved (inventory, +16 ms)',
      ' 60 ms  OrderCancelled (order)',
      ' 90 ms  ├─ NotificationSent (notification, +30 ms)',
      '100 ms  └─ PaymentRefunded (payment, +40 ms)',
    ]);
  });

  it('does not depend on the order in which the topics were read', () => {
    const events = [created, paid, reserved, cancelled, told, refunded];
    expect(sagaTree(order, [...events].reverse(), wide)).toEqual(sagaTree(order, events, wide));
  });

  it('shows an event that was published twice once, and says so', () => {
    expect(sagaTree(order, [created, paid, paid], wide)).toEqual([
      `Order ${order}: in progress, 3 events in 34 ms`,
      '  0 ms  OrderCreated (order)  $25.00',
      ' 34 ms  └─ PaymentCompleted (payment, +34 ms, published 2 times)',
    ]);
  });

  it('shows every event, also those that name one another as their cause', () => {
    const circle = [event('a', 1, { cause: 'b' }), event('b', 2, { cause: 'a' }), event('c', 3, { cause: 'b' })];
    const selfish = event('d', 4, { cause: 'd' });
    expect(sagaTree(order, [...circle, selfish], wide).slice(1)).toEqual([
      '  0 ms  OrderCreated (order)',
      '  1 ms  OrderCreated (order)',
      '  2 ms  └─ OrderCreated (order, +1 ms)',
      '  3 ms  OrderCreated (order)',
    ]);
  });

  it('puts what follows from the steps of an orchestrator below the event that the saga began with', () => {
    const begun = event(order, 1_000, { cause: order });
    const charged = event('2', 1_034, { cause: 'a step', service: 'payment', name: 'PaymentCompleted' });
    expect(sagaTree(order, [charged, begun], wide).slice(1)).toEqual([
      '  0 ms  OrderCreated (order)',
      ' 34 ms  └─ PaymentCompleted (payment, +34 ms)',
    ]);
  });

  it('keeps an effect below its cause when both happened in the same millisecond', () => {
    const effect = event('2', 1_000, { cause: '1', service: 'payment', name: 'PaymentFailed' });
    const lines = sagaTree(order, [effect, created], wide);
    expect(lines.slice(1)).toEqual([
      '  0 ms  OrderCreated (order)  $25.00',
      '  0 ms  └─ PaymentFailed (payment, +0 ms)',
    ]);
  });

  it('cuts what does not fit, and never more than the details', () => {
    const lines = sagaTree(order, [{ ...created, details: 'x'.repeat(200) }], { paint: plain, width: 40 });
    expect(lines[1]).toHaveLength(40);
    expect(lines[1]).toMatch(/OrderCreated \(order\) {2}x+…$/);
  });

  it('is the same text in colour as without', () => {
    const events = [created, paid, cancelled, told];
    const stripped = sagaTree(order, events, { ...wide, paint: coloured }).map((line) =>
      line.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g'), ''),
    );
    expect(stripped).toEqual(sagaTree(order, events, wide));
  });
});

describe('the end of a saga', () => {
  it('is not reached while the order is on its way', () => {
    expect(statusOf([created, paid, reserved])).toBe('in progress');
    expect(isOver([created, paid, reserved])).toBe(false);
  });

  it('is reached by a confirmed order when its customer was told', () => {
    const confirmed = [created, paid, reserved, event('8', 1_200, { name: 'OrderConfirmed' })];
    expect(isOver(confirmed)).toBe(false);
    expect(isOver([...confirmed, { ...told, data: { template: 'APPROVAL_REQUIRED' } }])).toBe(false);
    expect(isOver([...confirmed, { ...told, data: { template: 'ORDER_CONFIRMED' } }])).toBe(true);
  });

  it('is reached by a cancelled order when money and stock are back as well', () => {
    const undone = [created, paid, reserved, cancelled, told];
    expect(isOver(undone)).toBe(false);
    expect(isOver([...undone, refunded])).toBe(false);
    expect(isOver([...undone, released])).toBe(false);
    expect(isOver([...undone, refunded, released])).toBe(true);
  });

  it('does not wait for money that was never taken', () => {
    const failed = event('9', 1_030, { service: 'payment', name: 'PaymentFailed' });
    expect(isOver([created, failed, cancelled, told])).toBe(true);
  });
});
