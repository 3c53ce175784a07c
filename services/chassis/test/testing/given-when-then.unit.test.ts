import { describe, expect, it } from '@jest/globals';
import { OrderCreated, PaymentCompleted, PaymentFailed } from '@troupe/schemas';
import {
  after,
  cancel,
  command,
  DomainError,
  decided,
  ignored,
  on,
  reactions,
  rejected,
  Terminal,
  timer,
} from '../../src/index.ts';
import { oneRow } from '../../src/rules/aggregate.ts';
import { withData } from '../../src/testing/expected.ts';
import { specification } from '../../src/testing/given-when-then.ts';
import { like } from '../../src/testing/like.ts';

interface Payment {
  readonly orderId: string;
  readonly status: 'DUE' | 'PAID';
  readonly amount: number;
}

const Expiry = timer('Expiry', ({ orderId }: { readonly orderId: string }) => orderId);
const Pay = command('Pay', ({ orderId }: { readonly orderId: string; readonly amount: number }) => orderId);
const unknown = (detail: string) => new DomainError({ code: 'UNKNOWN', status: 404, title: 'Not known', detail });
const failed = (orderId: string) => PaymentFailed({ orderId, reason: 'DECLINED', detail: 'Too late.' });

/** A payment is due when its order is created, and paid by a command within an hour. */
const table = reactions(
  oneRow<Payment>('payment', ({ orderId }) => orderId),
  [
    on(OrderCreated, {
      starts: [Expiry],
      react: ({ orderId, amount }, known: Payment | undefined) => {
        if (amount <= 0) throw new Terminal('AMOUNT_NOT_POSITIVE', 'An order costs something.');
        if (known !== undefined) return ignored('the order is known');
        return decided({ orderId, amount, status: 'DUE' as const }, after(3_600_000, Expiry({ orderId })));
      },
    }),
    on(Pay, {
      react: ({ orderId }, known: Payment | undefined) =>
        known === undefined
          ? rejected(unknown(`There is no order ${orderId}.`))
          : decided({ ...known, status: 'PAID' as const }, cancel(Expiry, orderId)),
    }),
    on(Expiry, {
      emits: [PaymentFailed],
      react: ({ orderId }, known: Payment | undefined) => decided(known, failed(orderId)),
    }),
  ],
);

const context = { now: new Date(0), id: '01890000-0000-7000-8000-000000000000' };
const { given, givenState } = specification(table, {
  context,
  facts: (payment) => ({ open: payment?.status === 'DUE' ? payment.amount : 0 }),
});

const order = { orderId: 'a', customerId: 'ada', items: [], amount: 5, currency: 'USD', paymentToken: 't' };
const created = OrderCreated(order);
const paid = Pay({ orderId: 'a', amount: 5 });
const expired = Expiry({ orderId: 'a' });
const due = { orderId: 'a', amount: 5, status: 'DUE' } as const;

describe('given, when, then', () => {
  it('compare the state and the effects of a decision, and go on with what is stored then', () => {
    given()
      .when(created)
      .then({ state: due, starts: [after(3_600_000, Expiry({ orderId: 'a' }))], open: 5 })
      .when(paid)
      .then({ state: { ...due, status: 'PAID' }, cancels: [cancel(Expiry, 'a')], open: 0 })
      .when(created)
      .thenIgnored('the order is known')
      .has({ state: { ...due, status: 'PAID' }, open: 0 });
  });

  it('take a part of a state or of an event for the whole, and a type for any of its messages', () => {
    givenState(due)
      .when(expired)
      .then({ state: like({ amount: 5 }), emits: [PaymentFailed] });
    givenState(due)
      .when(expired)
      .then({ emits: [withData(PaymentFailed, { reason: 'DECLINED' })] });
  });

  it('compare what is ignored, rejected and thrown', () => {
    given(created).when(created).thenIgnored(/known/);
    given().when(paid).thenRejected('UNKNOWN', { status: 404, message: 'There is no order a.' });
    given()
      .when(OrderCreated({ ...order, amount: 0 }))
      .thenFails('AMOUNT_NOT_POSITIVE', /costs something/);
  });

  const falseExpectations: readonly [string, () => unknown, RegExp][] = [
    [
      'another state',
      () =>
        given()
          .when(created)
          .then({ state: { ...due, amount: 6 }, starts: [Expiry] }),
      /amount/,
    ],
    [
      'a part that is not so',
      () =>
        given(created)
          .when(paid)
          .then({ state: like({ amount: 6 }), cancels: [Expiry] }),
      /6/,
    ],
    [
      'another fact',
      () =>
        given(created)
          .when(paid)
          .then({ open: 5, cancels: [Expiry] }),
      /open/,
    ],
    ['an effect that is not caused', () => givenState(due).when(paid).then({ cancels: [] }), /cancellation/],
    ['no effect where one is caused', () => givenState(due).when(expired).then({}), /PaymentFailed/],
    [
      'another delay',
      () =>
        given()
          .when(created)
          .then({ starts: [Expiry({ orderId: 'a' })] }),
      /delayMs/,
    ],
    [
      'other data',
      () =>
        givenState(due)
          .when(expired)
          .then({ emits: [withData(PaymentFailed, { detail: 'x' })] }),
      /Too late/,
    ],
    ['a decision where it is ignored', () => given(created).when(created).then({}), /the order is known/],
    ['a decision where it is rejected', () => given().when(paid).then({}), /UNKNOWN/],
    ['that it is ignored where it is decided', () => given(created).when(paid).thenIgnored(), /decided/],
    ['another reason', () => given(created).when(created).thenIgnored('it was late'), /the order is known/],
    ['another code', () => given().when(paid).thenRejected('CONFLICT'), /UNKNOWN/],
    ['another status', () => given().when(paid).thenRejected('UNKNOWN', { status: 409 }), /404/],
    ['that it fails where it is decided', () => given(created).when(paid).thenFails('X'), /decided/],
    ['another state to be stored', () => given(created).has({ state: { ...due, amount: 6 } }), /What is stored/],
  ];
  it.each(falseExpectations)('fail with the difference when a test expects %s', (_, expectation, difference) => {
    expect(expectation).toThrow(difference);
  });

  it('name the table and the message in front of the difference, and the line of the test', () => {
    const wrong = () =>
      given()
        .when(created)
        .then({ state: { ...due, amount: 6 }, starts: [Expiry] });
    expect(wrong).toThrow(/^When payment hears OrderCreated:\n/);
    const { stack } = caught(wrong);
    expect(stack?.split('\n').find((line) => line.startsWith('    at '))).toContain('given-when-then.unit.test');
  });

  it('do not begin with a message that changes nothing', () => {
    expect(() => given(created, created)).toThrow('OrderCreated is not what happens next: ignored: the order is known');
  });

  it('hold a row to what it lists, whatever the test looks at', () => {
    const rogue = { ...table, find: (name: string) => row(name) };
    const row = (name: string) => ({ ...(table.find(name) as NonNullable<ReturnType<typeof table.find>>), starts: [] });
    const { given: givenRogue } = specification(rogue, { context });
    expect(() => givenRogue(created)).toThrow('The row of payment for OrderCreated does not list Expiry.');
  });

  // The compiler checks this test: `npm test` fails when one of these lines compiles.
  it('do not compile with a message that the table does not hear, or an effect that the row does not list', () => {
    const completed = PaymentCompleted({ ...due, paymentId: 'p', customerId: 'ada', items: [], currency: 'USD' });
    const never = () => {
      // @ts-expect-error the table does not hear PaymentCompleted
      given(completed);
      // @ts-expect-error nor here
      given().when(completed);
      const [heardCreated, heardExpired] = [given().when(created), given(created).when(expired)];
      // @ts-expect-error the row of OrderCreated emits nothing
      heardCreated.then({ emits: [failed('a')] });
      // @ts-expect-error the row of Expiry does not emit PaymentCompleted
      heardExpired.then({ emits: [PaymentCompleted] });
      // @ts-expect-error the row of Expiry starts nothing
      heardExpired.then({ starts: [Expiry] });
      // @ts-expect-error a payment has no such status
      heardCreated.then({ state: like({ status: 'LOST' }) });
      // @ts-expect-error there is no such fact
      heardCreated.then({ closed: 1 });
    };
    expect(never).toThrow();
  });
});

function caught(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('It did not fail.');
}
