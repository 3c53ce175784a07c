import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Incoming, IncomingEvent } from '../../src/incoming/incoming.ts';
import { keyHash } from '../../src/tables/dead-letters/key-hash.ts';
import { deadLetter, event, Ledger, task, wish } from './ledger.ts';

let ledger: Ledger;
beforeEach(() => {
  ledger = new Ledger();
});
const outcomesOf = async (...incoming: readonly Incoming[]) => (await ledger.handle(...incoming)).outcomes;
const kindsOf = async (...incoming: readonly Incoming[]) => (await outcomesOf(...incoming)).map(({ kind }) => kind);

describe('An event, in the tree of causes,', () => {
  /** As the ledger has it. */
  const LIMIT = 5;
  const OPEN = { topic: 'order.events', keyHash: keyHash(Buffer.from('a')) as string, position: 5 };
  const deep = (depth: number, more: Partial<IncomingEvent> = {}): IncomingEvent => ({
    ...event('e-1', 'a', 'event'),
    depth,
    ...more,
  });
  const written = <Row>(statement: string, at: number) =>
    (ledger.written.find(([name]) => name === statement) ?? [])[at] as readonly Row[];
  const depthsOf = (statement: 'append' | 'schedule', at: number) =>
    written<{ depth: number }>(statement, at).map(({ depth }) => depth);
  const LOOP = { kind: 'dead', code: 'EVENT_LOOP', reason: expect.stringContaining('EVENT_DEPTH_LIMIT is 5') };

  it('lies one deeper than the event that it follows from', async () => {
    await ledger.handle(deep(3));
    expect(depthsOf('append', 2)).toEqual([4]);
  });

  it('lies at 1 when a saga begins with it, and at 2 when it follows from a command about that saga', async () => {
    await ledger.handle(wish('event', { type: 'Begin' }), wish('event'));
    expect(depthsOf('append', 2)).toEqual([1, 2]);
  });

  it('lies one deeper than what set the call or timer that it follows from', async () => {
    ledger.pending.add('t-1');
    await ledger.handle({ ...task('call', 't-1', 'event'), depth: 4 });
    expect(depthsOf('append', 2)).toEqual([5]);
  });

  it('is at the limit handled, and what follows from it is said', async () => {
    expect(await outcomesOf(deep(LIMIT))).toEqual([{ kind: 'applied' }]);
    expect(depthsOf('append', 2)).toEqual([LIMIT + 1]);
  });

  it('is above the limit a dead letter that says what to do; nothing follows, and its key waits', async () => {
    expect(await outcomesOf(deep(LIMIT + 1), event('e-2', 'a'), event('e-3', 'b'))).toEqual([
      LOOP,
      { kind: 'parked' },
      { kind: 'applied' },
    ]);
    expect(ledger.statements).not.toContain('append');
    expect(ledger.valuesOf('forget')).toEqual(['e-1', 'e-2']);
    const [dead] = written<{ reason: string }>('publishDeadLetters', 2);
    const reason = dead?.reason ?? '';
    expect(reason).toMatch(
      /has the depth 6 .*`npm run choreography -- --check.* raise the limit.* replay this dead letter/s,
    );
    expect(reason.length).toBeLessThanOrEqual(500);
  });

  it('that took effect before is a duplicate, also when the limit is lower since', async () => {
    ledger.seenBefore.add('e-1');
    expect(await kindsOf(deep(LIMIT + 1))).toEqual(['duplicate']);
  });

  it('goes on when a person replays it, and counts as a first event: whoever hears what follows can handle it', async () => {
    ledger.open = [OPEN];
    expect(await kindsOf(deep(LIMIT + 1, { deadLetter: deadLetter() }))).toEqual(['applied']);
    expect(depthsOf('append', 2)).toEqual([2]);
  });

  it('keeps its depth when it is replayed within the limit', async () => {
    ledger.open = [OPEN];
    await ledger.handle(deep(LIMIT, { deadLetter: deadLetter() }));
    expect(depthsOf('append', 2)).toEqual([LIMIT + 1]);
  });

  it('that was only parked is a dead letter as well: nobody has looked at it', async () => {
    ledger.open = [OPEN];
    expect(await outcomesOf(deep(LIMIT + 1, { deadLetter: deadLetter({ status: 'PARKED' }) }))).toEqual([LOOP]);
  });

  it('does not get deeper by a timer that is set again and again: that is the patience of a retry, and no chain of events', async () => {
    for (let round = 1; round <= 3 * LIMIT; round += 1) {
      ledger.written.length = 0;
      ledger.pending.add(`t-${round}`);
      const kinds = await kindsOf({ ...task('timer', `t-${round}`, 'later'), depth: 4 });
      expect([kinds, depthsOf('schedule', 1)]).toEqual([['applied'], [4]]);
    }
  });
});
