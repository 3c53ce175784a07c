import { beforeEach, describe, expect, it } from '@jest/globals';
import { rehearse, unitOfWork } from '../../src/batch/unit-of-work/unit-of-work.ts';
import type { Incoming } from '../../src/incoming/incoming.ts';
import { keyHash } from '../../src/tables/dead-letters/key-hash.ts';
import { deadLetter, event, Ledger, poison, task, wish } from './ledger.ts';

/** What stands for the key `a`. */
const A = keyHash(Buffer.from('a')) as string;

let ledger: Ledger;
beforeEach(() => {
  ledger = new Ledger();
});
const outcomesOf = async (...incoming: readonly Incoming[]) => (await ledger.handle(...incoming)).outcomes;
const kindsOf = async (...incoming: readonly Incoming[]) => (await outcomesOf(...incoming)).map(({ kind }) => kind);
const DEAD_RULE = { kind: 'dead', code: 'RULE_THREW', reason: 'It cannot be.' };
const claim = { scope: 'ada POST /asks', key: 'k-1', requestHash: Buffer.from('hash') };

describe('A batch', () => {
  it('locks its keys, each once, looks at everything, and writes one statement for each kind of thing', async () => {
    ledger.pending.add('t-1');
    const act = { operator: 'ada' } as never;
    const { changed } = await ledger.handle(
      event('e-1', 'a', 'event'),
      event('e-2', 'b', 'nothing'),
      event('e-3', 'a'),
      task('timer', 't-1', 'later'),
      wish('call', { claim, act }),
    );
    expect(ledger.statements).toEqual([
      'lockKeys',
      'receive',
      'stillPending',
      'findAnswers',
      'load',
      'save',
      'append',
      'remove',
      'schedule',
      'recordIgnored',
      'recordActs',
      'keepAnswers',
    ]);
    expect(ledger.valuesOf('lockKeys')).toEqual(['a', 'b', 'ada POST /asks k-1']);
    expect(ledger.valuesOf('load')).toEqual(['a', 'b']);
    expect([...changed.keys()]).toEqual(['a']);
    expect(ledger.valuesOf('recordIgnored')).toEqual(new Map([['e-2', 'nothing to do']]));
    expect(ledger.valuesOf('recordActs')).toEqual([act]);
  });

  it('asks for nothing that it does not need, and writes nothing when nothing has happened', async () => {
    await ledger.handle(event('e-1', 'a', 'nothing'));
    expect(ledger.statements).toEqual(['lockKeys', 'receive', 'load', 'recordIgnored']);
    ledger.written.length = 0;
    await ledger.handle(wish('refusal'));
    expect(ledger.statements).toEqual(['lockKeys', 'load']);
    ledger.written.length = 0;
    await ledger.handle(task('call', 'gone'));
    expect(ledger.statements).toEqual(['lockKeys', 'stillPending', 'load']);
    ledger.written.length = 0;
    await ledger.handle(poison());
    expect(ledger.statements.slice(0, 2)).toEqual(['lockKeys', 'addDeadLetters']);
  });

  it('takes no effect when a row comes back under another spelling of its key: the rule would take it for missing', async () => {
    const { repository } = ledger.parts;
    const load: typeof repository.load = async () => new Map([['a', { orderId: 'a', heard: [] }]]);
    const work = unitOfWork([event('e-1', 'A')], { ...ledger.parts, repository: { ...repository, load } });
    await expect(work).rejects.toMatchObject({ name: 'Terminal', code: 'KEY_SPELLING' });
    expect(ledger.statements).not.toContain('save');
  });

  it('shows each rule what the one before it has left, and writes the last', async () => {
    ledger.accounts.set('a', { orderId: 'a', heard: ['before'] });
    await ledger.handle(event('e-1'), event('e-2'));
    const saved = ledger.valuesOf('save') as Map<string, { heard: string[] }>;
    expect(saved.get('a')?.heard).toHaveLength(3);
    expect(ledger.statements.filter((statement) => statement === 'save')).toHaveLength(1);
  });

  it('that is rehearsed comes to the same, and leaves nothing', async () => {
    let committed = false;
    const database = {
      $transaction: async <R>(work: (tx: never) => Promise<R>): Promise<R> => {
        const result = await work({} as never);
        committed = true;
        return result;
      },
    };
    const outcomes = await rehearse([event('e-1'), event('e-2', 'a', 'throw')], { ...ledger.parts, database });
    expect(outcomes).toEqual([{ kind: 'applied' }, DEAD_RULE]);
    expect(committed).toBe(false);
    const away = { $transaction: () => Promise.reject(new Error('The database is away.')) };
    await expect(rehearse([event('e-3')], { ...ledger.parts, database: away })).rejects.toThrow('is away');
  });
});

describe('What a rule decides', () => {
  it('leaves as an event of its owner, with its cause, under the key of its order', async () => {
    expect(await kindsOf(event('e-1', 'a', 'event'))).toEqual(['applied']);
    expect(ledger.written.find(([name]) => name === 'append')?.slice(1)).toEqual([
      '/troupe/accounts',
      [
        expect.objectContaining({
          aggregatetype: 'payment',
          aggregateid: 'a',
          type: 'troupe.payment.PaymentFailed',
          time: '2026-11-25T18:00:00.000Z',
          causationId: 'cause-a',
          id: expect.stringMatching(/^id-/),
          payload: Buffer.from(JSON.stringify({ orderId: 'a', reason: 'DECLINED', detail: 'declined' })),
        }),
      ],
    ]);
  });

  it('with which a saga begins has the id of the saga, and is its own cause', async () => {
    await ledger.handle(wish('event', { type: 'Begin' }));
    expect(ledger.written.find(([name]) => name === 'append')?.[2]).toMatchObject([
      { id: 'a', causationId: 'a', aggregateid: 'a' },
    ]);
  });

  it('names the step that it is of as its cause, and so do the calls of that step', async () => {
    const { newTasks } = await ledger.handle(event('e-1', 'a', 'event of a step'));
    expect(ledger.written.find(([name]) => name === 'append')?.[2]).toMatchObject([{ causationId: 'step-1' }]);
    expect(newTasks).toMatchObject([{ name: 'Pay', causationId: 'step-2' }]);
  });

  it('is begun by this process as far as it has places: further calls, and timers, are found in the table', async () => {
    const { newTasks } = await ledger.handle(
      event('e-1', 'a', 'call'),
      event('e-2', 'b', 'call'),
      event('e-3', 'c', 'later'),
    );
    expect(newTasks).toMatchObject([
      { kind: 'call', name: 'Pay', key: 'a', data: { orderId: 'a' }, delayMs: 0, leased: true, attempts: 1 },
      { key: 'b', leased: false, attempts: 0, correlationId: 'b', causationId: 'cause-b' },
      { kind: 'timer', name: 'Later', key: 'c', delayMs: 1_000, leased: false, attempts: 0 },
    ]);
    expect(ledger.valuesOf('schedule')).toEqual(newTasks);
  });

  it('leaves the places of this process to calls that are due: timers, and calls for later, take none', async () => {
    const { newTasks } = await ledger.handle(
      event('e-1', 'a', 'later'),
      event('e-2', 'b', 'at once'),
      event('e-3', 'c', 'call later'),
      event('e-4', 'd', 'call'),
    );
    expect(newTasks.map(({ key, leased }) => [key, leased])).toEqual([
      ['a', false],
      ['b', false],
      ['c', false],
      ['d', true],
    ]);
  });

  it('is not written when it leaves everything as it was', async () => {
    ledger.accounts.set('a', { orderId: 'a', heard: [] });
    await ledger.handle(event('e-1', 'a', 'same'));
    expect(ledger.statements).toEqual(['lockKeys', 'receive', 'load']);
  });

  it('counts last: what is withdrawn in the batch that asked for it is not begun, and what is asked again is', async () => {
    const { newTasks } = await ledger.handle(event('e-1', 'a', 'call'), event('e-2', 'a', 'withdraw'));
    expect(newTasks).toEqual([]);
    expect(ledger.valuesOf('remove')).toEqual([{ name: 'Pay', key: 'a' }]);
    const again = await ledger.handle(event('e-3', 'a', 'withdraw'), event('e-4', 'a', 'call'));
    expect(again.newTasks).toHaveLength(1);
  });

  it('leaves nothing behind when it throws: a fact is set aside, a client learns of it', async () => {
    expect(await outcomesOf(event('e-1', 'a', 'throw'))).toEqual([DEAD_RULE]);
    expect(ledger.statements).not.toContain('save');
    expect(await outcomesOf(wish('throw'))).toEqual([{ kind: 'refused', error: new Error('It cannot be.') }]);
  });

  it('is a dead letter with the way out when nobody has a rule for it', async () => {
    const unheard = { ...event('e-1'), type: 'OrderGiftWrapped' };
    expect(await outcomesOf(unheard)).toEqual([
      { kind: 'dead', code: 'NO_REACTION', reason: expect.stringContaining('add a row to its table') },
    ]);
  });

  it('is a dead letter when its row does not list what it says', async () => {
    expect(await outcomesOf(task('timer', 't-1', 'undeclared'))).toEqual([{ kind: 'duplicate' }]);
    ledger.pending.add('t-2');
    expect(await outcomesOf(task('timer', 't-2', 'undeclared'))).toEqual([
      { kind: 'dead', code: 'UNDECLARED_EVENT', reason: expect.stringContaining('PaymentFailed is not in emits') },
    ]);
  });
});

describe('An event', () => {
  it('that was handled before is a duplicate, also when its copy is in the same batch', async () => {
    ledger.seenBefore.add('e-1');
    expect(await kindsOf(event('e-1'), event('e-2'), event('e-2'))).toEqual(['duplicate', 'applied', 'duplicate']);
  });

  it('whose copy was ignored in the same batch is a duplicate', async () => {
    expect(await kindsOf(event('e-1', 'a', 'nothing'), event('e-1'))).toEqual(['ignored', 'duplicate']);
  });

  it("with the id of another fact is set aside, and the id stays the other one's", async () => {
    ledger.imposters.add('e-1');
    expect(await outcomesOf(event('e-1'))).toEqual([
      { kind: 'dead', code: 'EVENT_ID_REUSED', reason: expect.stringContaining('e-1') },
    ]);
    expect(ledger.statements).not.toContain('forget');
    expect(ledger.statements).toContain('publishDeadLetters');
  });

  it('that dies takes along neither its neighbours nor other keys; what follows it is parked, in its topic', async () => {
    const kinds = await kindsOf(event('e-1', 'a', 'throw'), event('e-2', 'a'), event('e-3', 'b'), event('e-4', 'a'));
    expect(kinds).toEqual(['dead', 'parked', 'applied', 'parked']);
    expect(ledger.valuesOf('forget')).toEqual(['e-1', 'e-2', 'e-4']);
  });

  it('that dies is not handled because a copy of it waits behind it', async () => {
    expect(await kindsOf(event('e-1', 'a', 'throw'), event('e-1'))).toEqual(['dead', 'parked']);
    expect(ledger.valuesOf('forget')).toEqual(['e-1', 'e-1']);
  });

  it('is parked behind poison of its key; poison itself waits for nothing', async () => {
    expect(await kindsOf(poison('a'), event('e-1', 'a'), poison('a'), event('e-2', 'b'))).toEqual([
      'dead',
      'parked',
      'dead',
      'applied',
    ]);
  });

  it('is not held up by a command or task of its key that fails', async () => {
    expect(await kindsOf(wish('throw'), event('e-1'))).toEqual(['refused', 'applied']);
  });

  it('waits behind a dead letter that is open, and does not when there is none', async () => {
    ledger.hasDeadLetters = true;
    ledger.open = [{ topic: 'order.events', keyHash: A, position: 5 }];
    expect(await kindsOf(event('e-1', 'a'), event('e-2', 'b'))).toEqual(['parked', 'applied']);
    expect(ledger.valuesOf('openDeadLetters')).toMatchObject([{ topic: 'order.events' }, { topic: 'order.events' }]);
  });
});

describe('A call that was answered, or a timer that went off', () => {
  it('takes effect once, and its row goes with it', async () => {
    ledger.pending.add('t-1');
    expect(await kindsOf(task('call', 't-1'), task('call', 't-1'))).toEqual(['applied', 'duplicate']);
    expect(ledger.valuesOf('stillPending')).toMatchObject([{ name: 'Pay', key: 'a', id: 't-1' }, { id: 't-1' }]);
    expect(ledger.valuesOf('remove')).toEqual([{ name: 'Pay', key: 'a', id: 't-1' }]);
  });

  it('that is ignored is done with; one whose rule throws keeps its row, and comes again', async () => {
    for (const id of ['t-1', 't-2']) ledger.pending.add(id);
    expect(await kindsOf(task('timer', 't-1', 'nothing'))).toEqual(['ignored']);
    expect(ledger.valuesOf('remove')).toEqual([{ name: 'Later', key: 'a', id: 't-1' }]);
    ledger.written.length = 0;
    expect(await outcomesOf(task('timer', 't-2', 'throw'))).toEqual([DEAD_RULE]);
    expect(ledger.statements).not.toContain('remove');
    expect(ledger.statements).not.toContain('addDeadLetters');
  });

  it('that a message before it in the batch has set anew or taken back does not count: its time has not come', async () => {
    for (const id of ['t-1', 't-2', 't-3']) ledger.pending.add(id);
    const anew = [event('e-1', 'a', 'later'), task('timer', 't-1')];
    const takenBack = [event('e-2', 'a', 'withdraw'), task('call', 't-2')];
    expect(await kindsOf(...anew, ...takenBack)).toEqual(['applied', 'duplicate', 'applied', 'duplicate']);
    expect(ledger.valuesOf('schedule')).toMatchObject([{ name: 'Later', delayMs: 1_000 }]);
    expect(ledger.valuesOf('remove')).toEqual([{ name: 'Pay', key: 'a' }]);
    // One of another key, or in front of them, is not touched.
    expect(await kindsOf(task('timer', 't-3', 'nothing', 'b'), event('e-3', 'a', 'later'))).toEqual([
      'ignored',
      'applied',
    ]);
  });
});

describe('A command', () => {
  it('is answered with the state after it, or with why nothing was done and the state as it was', async () => {
    ledger.accounts.set('a', { orderId: 'a', heard: [] });
    const state = expect.objectContaining({ heard: [expect.any(String)] });
    expect(await outcomesOf(wish())).toEqual([
      { kind: 'answered', answer: { status: 202, body: { kind: 'decided', state } } },
    ]);
    const ignored = { kind: 'ignored', state: { orderId: 'a', heard: [] }, reason: 'nothing to do' };
    expect(await outcomesOf(wish('nothing'))).toEqual([{ kind: 'answered', answer: { status: 202, body: ignored } }]);
    expect(ledger.statements).not.toContain('recordIgnored');
  });

  it('that is refused says so, and leaves neither an answer for its key nor an act', async () => {
    const [outcome] = await outcomesOf(wish('refusal', { claim, act: {} as never }));
    expect(outcome).toMatchObject({ kind: 'refused', error: { code: 'NO' } });
    expect(ledger.statements).toEqual(['lockKeys', 'findAnswers', 'load']);
  });

  it('has its answer kept beside its key, and is answered the same when it comes again', async () => {
    const [outcome] = await outcomesOf(wish(undefined, { claim }));
    if (outcome?.kind !== 'answered') throw new Error('It was not answered.');
    expect(ledger.valuesOf('keepAnswers')).toEqual([{ claim, answer: outcome.answer }]);
    ledger.answers.set('ada POST /asks k-1', { requestHash: claim.requestHash, answer: outcome.answer });
    ledger.written.length = 0;
    expect(await outcomesOf(wish(undefined, { claim }))).toMatchObject([{ kind: 'answered', replayed: true }]);
    expect(ledger.statements).toEqual(['lockKeys', 'findAnswers', 'load']);
  });

  it('without a key has no answer kept', async () => {
    await ledger.handle(wish());
    expect(ledger.statements).toEqual(['lockKeys', 'load', 'save']);
  });

  it('is an act of a person only when it is decided', async () => {
    await ledger.handle(wish('nothing', { act: {} as never }));
    expect(ledger.statements).not.toContain('recordActs');
  });
});

describe('A message that is set aside', () => {
  it('is kept with its bytes and its failure, and goes to the dead-letter topic; what waits behind it does not', async () => {
    const [first, second] = [event('e-1', 'a', 'throw'), event('e-2', 'a')];
    await ledger.handle(first, second);
    const failure = { code: 'RULE_THREW', reason: 'It cannot be.' };
    expect(ledger.valuesOf('addDeadLetters')).toEqual([
      { id: expect.any(String), record: first.record, failure },
      { id: expect.any(String), record: second.record, failure: undefined },
    ]);
    expect(ledger.written.find(([name]) => name === 'publishDeadLetters')?.slice(1)).toEqual([
      'accounts',
      [{ record: first.record, ...failure, attempts: 1, replays: 0 }],
    ]);
    expect(ledger.statements.slice(-3)).toEqual(['forget', 'addDeadLetters', 'publishDeadLetters']);
  });

  it('goes to the dead-letter topic once, however often its record comes', async () => {
    const record = event('e-1', 'a', 'throw');
    ledger.knownBefore.add(record.record.offset);
    await ledger.handle(record);
    expect(ledger.statements).not.toContain('publishDeadLetters');
    expect(ledger.statements).not.toContain('settle');
  });

  it('only parked publishes nothing', async () => {
    ledger.hasDeadLetters = true;
    ledger.open = [{ topic: 'order.events', keyHash: A, position: 5 }];
    await ledger.handle(event('e-1', 'a'));
    expect(ledger.statements.slice(-2)).toEqual(['forget', 'addDeadLetters']);
  });

  it('is poison: nothing of it was in the inbox', async () => {
    await ledger.handle(poison());
    expect(ledger.statements).not.toContain('forget');
  });
});

describe('A dead letter that is handled again', () => {
  const open = (...positions: readonly number[]) => {
    ledger.open = positions.map((position) => ({ topic: 'order.events', keyHash: A, position }));
  };
  const settled = () => (ledger.valuesOf('settle') as readonly object[])[0];
  const base = { id: 'letter-1', code: null, reason: null };

  it('takes effect and is settled; what is ignored keeps its reason', async () => {
    open(5);
    expect(await kindsOf(event('e-1', 'a', undefined, deadLetter()))).toEqual(['applied']);
    expect(settled()).toEqual({ ...base, status: 'HANDLED', outcome: 'applied', replays: 1 });
    expect(ledger.statements).not.toContain('addDeadLetters');
    ledger.written.length = 0;
    await ledger.handle(event('e-2', 'a', 'nothing', deadLetter({ replays: 1 })));
    expect(settled()).toEqual({ ...base, status: 'HANDLED', outcome: 'ignored', reason: 'nothing to do', replays: 2 });
  });

  it('that took effect before is settled as a duplicate', async () => {
    open(5);
    ledger.seenBefore.add('e-1');
    await ledger.handle(event('e-1', 'a', undefined, deadLetter()));
    expect(settled()).toEqual({ ...base, status: 'HANDLED', outcome: 'duplicate', replays: 1 });
  });

  it('that another process has settled meanwhile changes nothing', async () => {
    open(7);
    expect(await kindsOf(event('e-1', 'a', undefined, deadLetter()))).toEqual(['duplicate']);
    expect(ledger.statements).not.toContain('save');
  });

  it('fails again: it is dead, is published with its attempts, and its id is free; too often, and it is quarantined', async () => {
    open(5);
    const failed = event('e-1', 'a', 'throw', deadLetter({ replays: 1 }));
    await ledger.handle(failed);
    const failure = { code: 'RULE_THREW', reason: 'It cannot be.' };
    expect(settled()).toEqual({ id: 'letter-1', status: 'DEAD', outcome: 'dead', ...failure, replays: 2 });
    expect(ledger.written.find(([name]) => name === 'publishDeadLetters')?.[2]).toEqual([
      { record: failed.record, ...failure, attempts: 3, replays: 2 },
    ]);
    expect(ledger.valuesOf('forget')).toEqual(['e-1']);
    ledger.written.length = 0;
    await ledger.handle(event('e-2', 'a', 'throw', deadLetter({ replays: 2 })));
    expect(settled()).toMatchObject({ status: 'QUARANTINED', replays: 3 });
  });

  it('waits behind an earlier one, as it is, and one that failed never holds itself up', async () => {
    open(4, 5);
    expect(await kindsOf(event('e-1', 'a', undefined, deadLetter()))).toEqual(['parked']);
    expect(settled()).toEqual({ ...base, status: 'DEAD', outcome: 'parked', replays: 0 });
    open(5, 9);
    expect(await kindsOf(event('e-2', 'a', undefined, deadLetter()))).toEqual(['applied']);
  });

  it('lets those behind it go on in the same batch, and holds them up when it fails again', async () => {
    open(5, 6);
    const next = deadLetter({ id: 'letter-2', position: 6, status: 'PARKED' });
    expect(
      await kindsOf(event('e-1', 'a', undefined, deadLetter()), event('e-2', 'a', undefined, next), event('e-3')),
    ).toEqual(['applied', 'applied', 'applied']);
    expect(
      await kindsOf(event('e-4', 'a', 'throw', deadLetter()), event('e-5', 'a', undefined, next), event('e-6')),
    ).toEqual(['dead', 'parked', 'parked']);
  });

  it('that was only parked is handled for the first time: that is no replay', async () => {
    open(5);
    await ledger.handle(event('e-1', 'a', undefined, deadLetter({ status: 'PARKED' })));
    expect(settled()).toMatchObject({ status: 'HANDLED', replays: 0 });
    ledger.written.length = 0;
    await ledger.handle(event('e-2', 'a', 'throw', deadLetter({ status: 'PARKED' })));
    expect(settled()).toMatchObject({ status: 'DEAD', replays: 0 });
    expect(ledger.written.find(([name]) => name === 'publishDeadLetters')?.[2]).toMatchObject([
      { attempts: 1, replays: 0 },
    ]);
  });

  it('that takes effect while a copy of it from the topic waits behind it keeps its id in the inbox: it takes effect once', async () => {
    open(5);
    const kinds = await kindsOf(event('e-1'), event('e-1', 'a', undefined, deadLetter()), event('e-2'));
    expect(kinds).toEqual(['parked', 'applied', 'parked']);
    expect(ledger.valuesOf('forget')).toEqual(['e-2']);
  });

  it('is poison still: it is dead again', async () => {
    open(5);
    expect(await kindsOf(poison('a', deadLetter()))).toEqual(['dead']);
    expect(settled()).toMatchObject({ status: 'DEAD', code: 'AVRO_BROKEN', replays: 1 });
  });
});
