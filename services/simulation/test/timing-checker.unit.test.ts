import { describe, expect, it } from '@jest/globals';
import { PLANTED_BUGS } from '@troupe/simulation';
import { TimingChecker } from '../src/invariants/timing-checker.ts';
import { RECOVERY_MS, TOLERANCE_MS } from '../src/invariants/timing-limits.ts';
import { lostWith } from '../src/shop/outages.ts';
import { APPROVAL_TIMEOUT_MS, RETRY_MS, tables } from '../src/shop/services.ts';
import { Outage } from '../src/world/outage.ts';

const KEY = 'order-1';
const BEGIN = 1_000_000;
const event = { kind: 'event', key: KEY } as never;
const timer = (type: string) => ({ kind: 'timer', key: KEY, type }) as never;

/** One row of payment, and the checker that its commits are told to. */
class PaymentRow {
  readonly outage = new Outage();
  readonly timing = new TimingChecker(this.outage, () => {
    this.stops += 1;
  });
  stops = 0;
  row: unknown;

  commits(row: object | undefined, now: number, message: unknown = event, began = now): this {
    this.row = row;
    const outcomes = [{ kind: 'applied' }] as const;
    this.timing.committed({
      service: 'payment',
      batch: [message as never],
      outcomes,
      began,
      now,
      rowOf: (key) => (key === KEY ? this.row : undefined),
    });
    return this;
  }

  beforeClockMoves(until: number): this {
    this.timing.beforeClockMoves(until);
    return this;
  }
}

const AWAITING = { status: 'AWAITING_APPROVAL' };
const refused = (refundAttempts: number) => ({ status: 'REFUND_FAILED', refundAttempts });

describe('What happens by itself', () => {
  const moment = BEGIN + APPROVAL_TIMEOUT_MS;

  it('is late when it still waits after its moment and the time that a timer may take', () => {
    const payment = new PaymentRow();
    payment.timing.faultsEnded(0);
    payment.commits(AWAITING, BEGIN).beforeClockMoves(moment + TOLERANCE_MS);
    expect(payment.timing.violations).toEqual([]);
    payment.beforeClockMoves(moment + TOLERANCE_MS + 1);
    expect(payment.timing.violations).toEqual([expect.stringMatching(/payment, of order-1: a person has to approve/)]);
    expect(payment.stops).toBe(1);
  });

  it('is not late while faults strike, and for as long as they have consequences', () => {
    const payment = new PaymentRow();
    payment.commits(AWAITING, BEGIN).beforeClockMoves(10 * moment);
    payment.timing.faultsEnded(20 * moment);
    payment.beforeClockMoves(20 * moment + RECOVERY_MS + TOLERANCE_MS);
    expect(payment.timing.violations).toEqual([]);
    expect(payment.beforeClockMoves(20 * moment + RECOVERY_MS + TOLERANCE_MS + 1).timing.violations).toHaveLength(1);
  });

  it('is not expected of a service that is away, and is when it is back', () => {
    const payment = new PaymentRow();
    payment.timing.faultsEnded(0);
    payment.commits(AWAITING, BEGIN).outage.begin('payment', lostWith('payment'));
    expect(payment.timing.isIdle).toBe(true);
    expect(payment.beforeClockMoves(10 * moment).timing.violations).toEqual([]);
    payment.outage.end();
    expect(payment.timing.isIdle).toBe(false);
    expect(payment.beforeClockMoves(10 * moment).timing.violations).toHaveLength(1);
  });

  it('may not happen before its moment, counted from the beginning of the transaction that began the wait', () => {
    const early = new PaymentRow().commits(AWAITING, BEGIN + 500, event, BEGIN);
    early.commits({ status: 'FAILED' }, moment - 1, timer('ApprovalExpiry'));
    expect(early.timing.violations).toEqual([expect.stringMatching(/took effect 1 ms too early/)]);
    const inTime = new PaymentRow().commits(AWAITING, BEGIN + 500, event, BEGIN);
    expect(inTime.commits({ status: 'FAILED' }, moment, timer('ApprovalExpiry')).timing.violations).toEqual([]);
  });

  it('may not happen when nothing is known to wait for it: a timer that is new has to be given its place', () => {
    const payment = new PaymentRow().commits({ status: 'FAILED' }, BEGIN, timer('NewTimer'));
    expect(payment.timing.violations).toEqual([
      expect.stringMatching(/NewTimer of order-1 took effect, and nothing was known/),
    ]);
  });

  it('waits twice as long after each refusal, and no more after the sixth', () => {
    for (const [refusals, delay] of [...[1, 2, 3, 4, 5].map((n) => [n, RETRY_MS * 2 ** (n - 1)])] as [
      number,
      number,
    ][]) {
      const early = new PaymentRow().commits(refused(refusals), BEGIN);
      early.commits({ status: 'REFUNDING' }, BEGIN + delay - 1, timer('RefundRetry'));
      expect(early.timing.violations).toHaveLength(1);
      const inTime = new PaymentRow().commits(refused(refusals), BEGIN);
      expect(inTime.commits({ status: 'REFUNDING' }, BEGIN + delay, timer('RefundRetry')).timing.violations).toEqual(
        [],
      );
    }
    expect(new PaymentRow().commits(refused(6), BEGIN).timing.isIdle).toBe(true);
  });

  it('is missed when nothing happens any more and something still waits', () => {
    const payment = new PaymentRow().commits(AWAITING, BEGIN);
    payment.timing.checkAtRest();
    expect(payment.timing.violations).toEqual([expect.stringMatching(/nothing will ever happen/)]);
    const done = new PaymentRow().commits(AWAITING, BEGIN).commits({ status: 'FAILED' }, BEGIN + 1);
    done.timing.checkAtRest();
    expect(done.timing.violations).toEqual([]);
  });
});

describe('Bugs in time', () => {
  const heard = (kind: string) =>
    tables.flatMap(({ reactions }) => reactions.map(({ hears }) => hears).filter((hears) => hears.kind === kind));

  it('every timer of every table can be planted as a bug, in each of its forms', () => {
    const forms = ['is ignored', 'is never set', 'goes off at once'];
    const names = heard('timer').flatMap(({ messageName }) => forms.map((form) => `${messageName} ${form}`));
    expect(names.length).toBeGreaterThanOrEqual(15);
    expect(Object.keys(PLANTED_BUGS)).toEqual(expect.arrayContaining(names));
  });

  it('the answer of every call can be ignored', () => {
    const names = heard('call').map(({ messageName }) => `${messageName} has its answer ignored`);
    expect(names.length).toBeGreaterThanOrEqual(11);
    expect(Object.keys(PLANTED_BUGS)).toEqual(expect.arrayContaining(names));
  });
});
