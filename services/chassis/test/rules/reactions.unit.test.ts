import { describe, expect, it } from '@jest/globals';
import { OrderCreated, PaymentCompleted, PaymentFailed } from '@troupe/schemas';
import { after, type Context, decided, ignored, on, reactions, rejected, timer } from '../../src/index.ts';
import { oneRow } from '../../src/rules/aggregate.ts';

interface Payment {
  readonly orderId: string;
}
const payments = oneRow<Payment>('payment', ({ orderId }) => orderId);
const Expiry = timer('Expiry', ({ orderId }: Payment) => orderId);
const failed = (orderId: string) => PaymentFailed({ orderId, reason: 'DECLINED', detail: 'declined' });
const context: Context = { now: new Date(0), id: '01890000-0000-7000-8000-000000000000' };

describe('a reaction table', () => {
  it('finds the rule of a message, with what it may say as data', () => {
    const table = reactions(payments, [
      on(OrderCreated, {
        emits: [PaymentFailed],
        starts: [Expiry],
        react: ({ orderId }) => decided({ orderId }, failed(orderId), after(1_000, Expiry({ orderId }))),
      }),
    ]);
    const reaction = table.find('OrderCreated');
    expect(reaction?.emits).toEqual([PaymentFailed]);
    expect(reaction?.react({ orderId: 'a' }, undefined, context)).toMatchObject({
      effects: [{ type: 'PaymentFailed' }, { type: 'Expiry', delayMs: 1_000 }],
    });
  });

  it('lists the rows of its sections among its rows, in the order in which they are written', () => {
    const row = (hears: typeof OrderCreated | typeof PaymentFailed | typeof PaymentCompleted) =>
      on(hears, { react: (_event, _payment: Payment | undefined) => ignored('nothing to do') });
    const table = reactions(payments, [row(OrderCreated), [row(PaymentFailed)], row(PaymentCompleted)]);
    expect(table.reactions.map(({ hears }) => hears)).toEqual([OrderCreated, PaymentFailed, PaymentCompleted]);
    expect(table.find('PaymentFailed')).toBe(table.reactions[1]);
  });

  it('has one rule for a message', () => {
    const row = on(OrderCreated, { react: (_order, _payment: Payment | undefined) => ignored('nothing to do') });
    expect(() => reactions(payments, [row, row])).toThrow('hears OrderCreated twice');
    expect(() => reactions(payments, [row, [row]])).toThrow('hears OrderCreated twice');
  });

  // What follows is checked by the compiler: `npm test` fails when one of these lines compiles.
  it('does not compile when a rule says what it does not declare', () => {
    reactions(payments, [
      // @ts-expect-error PaymentFailed is not in emits
      on(OrderCreated, { emits: [PaymentCompleted], react: ({ orderId }) => decided({ orderId }, failed(orderId)) }),
      // @ts-expect-error Expiry is not in starts
      on(PaymentFailed, { react: ({ orderId }) => decided({ orderId }, Expiry({ orderId })) }),
      // @ts-expect-error a fact cannot be rejected
      on(PaymentCompleted, { react: () => rejected(new Error('no') as never) }),
    ]);
    // @ts-expect-error an event has all its fields
    expect(PaymentFailed({ orderId: 'a' })).toBeDefined();
  });
});
