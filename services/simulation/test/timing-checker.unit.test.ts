import { describe, expect, it } from '@jest/globals';
import { PLANTED_BUGS } from '@troupe/simulation';
import { TimingChecker } from '../src/invariants/timing-checker.ts';
import { RECOVERY_MS, TOLERANCE_MS } from '../src/invariants/timing-limits.ts';
import { APPROVAL_TIMEOUT_MS, RETRY_MS, tables } from '../src/shop/services.ts';
import { Outage } from '../src/world/outage.ts';

const KEY = 'order-1';
const BEGIN = 1_000_000;
const event = { kind: 'event', key: KEY } as never;
const timer = (type: string) => ({ kind: 'timer', key: KEY, type }) as never;

/** Payment's rows, and who looks at them. */
class Watched {
  readonly outage = new Outage();
  readonly timing = new TimingChecker(this.outage, () => {
    this.told += 1;
  });
  told = 0;
  row: unknown;

  commits(row: object | undefined, now: number, message: unknown = event, began = now): this {
    this.row = row;
    const outcomes = [{ kind: 'applied' }] as const;
    this.timing.committed({
      ...{ service: 'payment', batch: [message as never], outcomes, began, now },
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
    const watched = new Watched();
    watched.timing.faultsEnded(0);
    watched.commits(AWAITING, BEGIN).beforeClockMoves(moment + TOLERANCE_MS);
    expect(watched.timing.violations).toEqual([]);
    watched.beforeClockMoves(moment + TOLERANCE_MS + 1);
    expect(watched.timing.violations).toEqual([expect.stringMatching(/payment, of order-1: a person has to approve/)]);
    expect(watched.told).toBe(1);
  });

  it('is not late while faults strike, and for as long as they have consequences', () => {
    const watched = new Watched();
    watched.commits(AWAITING, BEGIN).beforeClockMoves(10 * moment);
    watched.timing.faultsEnded(20 * moment);
    watched.beforeClockMoves(20 * moment + RECOVERY_MS + TOLERANCE_MS);
    expect(watched.timing.violations).toEqual([]);
    expect(watched.beforeClockMoves(20 * moment + RECOVERY_MS + TOLERANCE_MS + 1).timing.violations).toHaveLength(1);
  });

  it('is not expected of a service that is away, and is when it is back', () => {
    const watched = new Watched();
    watched.timing.faultsEnded(0);
    watched.commits(AWAITING, BEGIN).outage.begin('payment');
    expect(watched.timing.isIdle).toBe(true);
    expect(watched.beforeClockMoves(10 * moment).timing.violations).toEqual([]);
    watched.outage.end();
    expect(watched.timing.isIdle).toBe(false);
    expect(watched.beforeClockMoves(10 * moment).timing.violations).toHaveLength(1);
  });

  it('may not happen before its moment, counted from the beginning of the transaction that began the wait', () => {
    const early = new Watched().commits(AWAITING, BEGIN + 500, event, BEGIN);
    early.commits({ status: 'FAILED' }, moment - 1, timer('ApprovalExpiry'));
    expect(early.timing.violations).toEqual([expect.stringMatching(/took effect 1 ms too early/)]);
    const inTime = new Watched().commits(AWAITING, BEGIN + 500, event, BEGIN);
    expect(inTime.commits({ status: 'FAILED' }, moment, timer('ApprovalExpiry')).timing.violations).toEqual([]);
  });

  it('may not happen when nothing is known to wait for it: a timer that is new has to be given its place', () => {
    const watched = new Watched().commits({ status: 'FAILED' }, BEGIN, timer('NewTimer'));
    expect(watched.timing.violations).toEqual([
      expect.stringMatching(/NewTimer of order-1 took effect, and nothing was known/),
    ]);
  });

  it('waits twice as long after each refusal, and no more after the sixth', () => {
    for (const [refusals, delay] of [...[1, 2, 3, 4, 5].map((n) => [n, RETRY_MS * 2 ** (n - 1)])] as [
      number,
      number,
    ][]) {
      const early = new Watched().commits(refused(refusals), BEGIN);
      early.commits({ status: 'REFUNDING' }, BEGIN + delay - 1, timer('RefundRetry'));
      expect(early.timing.violations).toHaveLength(1);
      const inTime = new Watched().commits(refused(refusals), BEGIN);
      expect(inTime.commits({ status: 'REFUNDING' }, BEGIN + delay, timer('RefundRetry')).timing.violations).toEqual(
        [],
      );
    }
    expect(new Watched().commits(refused(6), BEGIN).timing.isIdle).toBe(true);
  });

  it('is missed when nothing happens any more and something still waits', () => {
    const watched = new Watched().commits(AWAITING, BEGIN);
    watched.timing.checkAtRest();
    expect(watched.timing.violations).toEqual([expect.stringMatching(/nothing will ever happen/)]);
    const done = new Watched().commits(AWAITING, BEGIN).commits({ status: 'FAILED' }, BEGIN + 1);
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
