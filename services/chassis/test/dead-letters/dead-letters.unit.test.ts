import { describe, expect, it } from '@jest/globals';
import { deadLetters } from '../../src/dead-letters/dead-letters.ts';
import type { Incoming, Outcome } from '../../src/incoming/incoming.ts';
import type { StoredDeadLetter } from '../../src/tables/dead-letters/dead-letters.ts';
import type { Store } from '../../src/tables/store.ts';
import { event } from '../batch/ledger.ts';

const stored = (id: string): StoredDeadLetter => ({
  record: { ...event(id).record, headers: { ce_type: 'troupe.order.OrderCreated', ce_id: id } },
  deadLetter: { id, position: 1, status: 'DEAD', replays: 0 },
});
const sqlError = (code: string) => Object.assign(new Error(`The database said ${code}.`), { code });

/** A desk whose dead letters come to what `outcomeOf` says of their ids; an error is the database's word on the whole batch. */
function desk(outcomeOf: (id: string) => Outcome | Error, { parked = [] as string[], heard = true } = {}) {
  const asked: { method: string; ids: readonly string[] }[] = [];
  const handle = (method: string) => async (messages: readonly Incoming[]) => {
    const ids = messages.map((message) => ('deadLetter' in message ? (message.deadLetter?.id ?? '') : ''));
    asked.push({ method, ids });
    const outcomes = ids.map(outcomeOf);
    const failed = outcomes.find((outcome) => outcome instanceof Error);
    if (failed !== undefined) throw failed;
    return outcomes as Outcome[];
  };
  const store = {
    findOpen: async (_: unknown, ids: readonly string[]) => ids.map(stored),
    findReleasable: async (_: unknown, most: number) => parked.splice(0, most).map(stored),
  } as unknown as Store;
  const service = deadLetters({
    database: {} as never,
    store,
    handleAgain: handle('handle'),
    rehearse: handle('rehearse'),
    decode: async (records) => (heard ? records.map(({ headers }) => event(headers.ce_id ?? '')) : []),
  });
  return { ...service, asked };
}
const applied = (): Outcome => ({ kind: 'applied' });
const many = Array.from({ length: 1_100 }, (_, at) => `letter-${at}`);

describe('A replay', () => {
  it('handles dead letters again in their order, five hundred to a batch', async () => {
    const { replay, asked } = desk(applied);
    await replay(many);
    expect(asked.map(({ method, ids }) => [method, ids.length])).toEqual([
      ['handle', 500],
      ['handle', 500],
      ['handle', 100],
    ]);
    expect(asked.flatMap(({ ids }) => ids)).toEqual(many);
  });

  it('hands on what a service no longer hears as poison that says so', async () => {
    const seen: Incoming[] = [];
    const { replay } = deadLetters({
      database: {} as never,
      store: {
        findOpen: async () => [stored('l'), { ...stored('m'), record: { ...stored('m').record, headers: {} } }],
      } as never,
      decode: async () => [],
      handleAgain: async (messages) => {
        seen.push(...messages);
        return [];
      },
      rehearse: async () => [],
    });
    await replay(['l', 'm']);
    expect(seen).toMatchObject([
      {
        kind: 'poison',
        code: 'NOT_HEARD',
        reason: expect.stringContaining('hears troupe.order.OrderCreated: discard'),
      },
      { kind: 'poison', code: 'NOT_HEARD', reason: expect.stringContaining('a message without a type') },
    ]);
    expect(seen.map((message) => 'deadLetter' in message && message.deadLetter?.id)).toEqual(['l', 'm']);
  });
});

describe('A rehearsal', () => {
  it('says of each dead letter what it would come to', async () => {
    const outcomes: Record<string, Outcome> = {
      a: { kind: 'applied' },
      b: { kind: 'duplicate' },
      c: { kind: 'parked' },
      d: { kind: 'ignored', reason: 'nothing to do' },
      e: { kind: 'dead', code: 'RULE_THREW', reason: 'It cannot be.' },
    };
    expect(await desk((id) => outcomes[id] as Outcome).rehearse(Object.keys(outcomes))).toEqual([
      { id: 'a', outcome: 'applied' },
      { id: 'b', outcome: 'duplicate' },
      { id: 'c', outcome: 'parked' },
      { id: 'd', outcome: 'ignored', reason: 'nothing to do' },
      { id: 'e', outcome: 'dead', code: 'RULE_THREW', reason: 'It cannot be.' },
    ]);
  });

  it('asks the database nothing for no dead letters', async () => {
    const { rehearse, asked } = desk(applied);
    expect(await rehearse([])).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('finds the one dead letter that the database refuses by halving, and says of the others what they come to', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const { rehearse, asked } = desk((id) => (id === 'd' ? sqlError('23514') : applied()));
    const rehearsals = await rehearse(ids);
    expect(rehearsals.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      'a applied',
      'b applied',
      'c applied',
      'd dead',
      'e applied',
    ]);
    expect(rehearsals[3]).toMatchObject({ code: expect.any(String), reason: expect.stringContaining('23514') });
    expect(asked.map(({ ids: some }) => some.join(''))).toEqual(['abcde', 'abc', 'de', 'd', 'e']);
  });

  it('does not take a database that is away for the fault of a dead letter', async () => {
    const { rehearse, asked } = desk(() => sqlError('57P01'));
    await expect(rehearse(['a', 'b'])).rejects.toMatchObject({ name: 'Retryable' });
    expect(asked).toHaveLength(1);
  });

  it('takes no answer for one that a message from a topic cannot have', async () => {
    const { rehearse } = desk(() => ({ kind: 'refused', error: new Error('no') }));
    await expect(rehearse(['a'])).rejects.toThrow('cannot come to refused');
  });
});

describe('What was parked', () => {
  it('is let go until nothing is left, and counted', async () => {
    const { release, asked } = desk(applied, { parked: [...many] });
    expect(await release()).toBe(1_100);
    expect(asked.map(({ ids }) => ids.length)).toEqual([500, 500, 100, 0]);
  });

  it('is left where it is when all of it has to wait again; one that fails is no longer parked, and counts', async () => {
    expect(await desk(() => ({ kind: 'parked' }), { parked: ['a', 'b'] }).release()).toBe(0);
    const dead: Outcome = { kind: 'dead', code: 'X', reason: 'x' };
    expect(await desk((id) => (id === 'a' ? dead : { kind: 'parked' }), { parked: ['a', 'b'] }).release()).toBe(1);
  });
});
