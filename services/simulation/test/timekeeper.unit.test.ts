import { describe, expect, it } from '@jest/globals';
import { PLANTED } from '@troupe/simulation';
import { GONE } from '../src/business/absence.ts';
import { APPROVAL_TIMEOUT_MS, RETRY_MS, tables } from '../src/business/cast.ts';
import { Absence } from '../src/machine/absence.ts';
import { AFTERMATH_MS, LATE_MS } from '../src/machine/limits.ts';
import { Timekeeper } from '../src/time/timekeeper.ts';

const KEY = 'order-1';
const BEGIN = 1_000_000;
const event = { kind: 'event', key: KEY } as never;
const timer = (type: string) => ({ kind: 'timer', key: KEY, type }) as never;

/** Payment's rows, and who looks at them. */
class Watched {
  readonly absence = new Absence();
  readonly keeper = new Timekeeper(this.absence, () => {
    this.told += 1;
  });
  told = 0;
  row: unknown;

  commits(row: object | undefined, now: number, message: unknown = event, began = now): this {
    this.row = row;
    const outcomes = [{ kind: 'applied' }] as const;
    this.keeper.committed({
      ...{ service: 'payment', batch: [message as never], outcomes, began, now },
      rowOf: (key) => (key === KEY ? this.row : undefined),
    });
    return this;
  }

  passes(until: number): this {
    this.keeper.passes(until);
    return this;
  }
}

const AWAITING = { status: 'AWAITING_APPROVAL' };
const refused = (refundAttempts: number) => ({ status: 'REFUND_FAILED', refundAttempts });

describe('What happens by itself', () => {
  const moment = BEGIN + APPROVAL_TIMEOUT_MS;

  it('is late when it still waits after its moment and the time that a timer may take', () => {
    const watched = new Watched();
    watched.keeper.mended(0);
    watched.commits(AWAITING, BEGIN).passes(moment + LATE_MS);
    expect(watched.keeper.wrongs).toEqual([]);
    watched.passes(moment + LATE_MS + 1);
    expect(watched.keeper.wrongs).toEqual([expect.stringMatching(/payment, of order-1: a person has to approve/)]);
    expect(watched.told).toBe(1);
  });

  it('is not late while faults strike, and for as long as they have consequences', () => {
    const watched = new Watched();
    watched.commits(AWAITING, BEGIN).passes(10 * moment);
    watched.keeper.mended(20 * moment);
    watched.passes(20 * moment + AFTERMATH_MS + LATE_MS);
    expect(watched.keeper.wrongs).toEqual([]);
    expect(watched.passes(20 * moment + AFTERMATH_MS + LATE_MS + 1).keeper.wrongs).toHaveLength(1);
  });

  it('is not expected of a service that is away, and is when it is back', () => {
    const watched = new Watched();
    watched.keeper.mended(0);
    watched.commits(AWAITING, BEGIN).absence.begin('payment', GONE.payment);
    expect(watched.keeper.isIdle).toBe(true);
    expect(watched.passes(10 * moment).keeper.wrongs).toEqual([]);
    watched.absence.end();
    expect(watched.keeper.isIdle).toBe(false);
    expect(watched.passes(10 * moment).keeper.wrongs).toHaveLength(1);
  });

  it('may not happen before its moment, counted from the beginning of the transaction that began the wait', () => {
    const early = new Watched().commits(AWAITING, BEGIN + 500, event, BEGIN);
    early.commits({ status: 'FAILED' }, moment - 1, timer('ApprovalExpiry'));
    expect(early.keeper.wrongs).toEqual([expect.stringMatching(/took effect 1 ms too early/)]);
    const inTime = new Watched().commits(AWAITING, BEGIN + 500, event, BEGIN);
    expect(inTime.commits({ status: 'FAILED' }, moment, timer('ApprovalExpiry')).keeper.wrongs).toEqual([]);
  });

  it('may not happen when nothing is known to wait for it: a timer that is new has to be given its place', () => {
    const watched = new Watched().commits({ status: 'FAILED' }, BEGIN, timer('NewTimer'));
    expect(watched.keeper.wrongs).toEqual([
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
      expect(early.keeper.wrongs).toHaveLength(1);
      const inTime = new Watched().commits(refused(refusals), BEGIN);
      expect(inTime.commits({ status: 'REFUNDING' }, BEGIN + delay, timer('RefundRetry')).keeper.wrongs).toEqual([]);
    }
    expect(new Watched().commits(refused(6), BEGIN).keeper.isIdle).toBe(true);
  });

  it('is missed when nothing happens any more and something still waits', () => {
    const watched = new Watched().commits(AWAITING, BEGIN);
    watched.keeper.rests();
    expect(watched.keeper.wrongs).toEqual([expect.stringMatching(/nothing will ever happen/)]);
    const done = new Watched().commits(AWAITING, BEGIN).commits({ status: 'FAILED' }, BEGIN + 1);
    done.keeper.rests();
    expect(done.keeper.wrongs).toEqual([]);
  });
});

describe('Bugs in time', () => {
  const heard = (kind: string) =>
    tables.flatMap(({ reactions }) => reactions.map(({ hears }) => hears).filter((hears) => hears.kind === kind));

  it('every timer of every table can be planted as a bug, in each of its forms', () => {
    const forms = ['is ignored', 'is never set', 'goes off at once'];
    const names = heard('timer').flatMap(({ messageName }) => forms.map((form) => `${messageName} ${form}`));
    expect(names.length).toBeGreaterThanOrEqual(15);
    expect(Object.keys(PLANTED)).toEqual(expect.arrayContaining(names));
  });

  it('the answer of every call can be ignored', () => {
    const names = heard('call').map(({ messageName }) => `${messageName} has its answer ignored`);
    expect(names.length).toBeGreaterThanOrEqual(11);
    expect(Object.keys(PLANTED)).toEqual(expect.arrayContaining(names));
  });
});
