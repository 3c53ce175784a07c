import { describe, expect, it, jest } from '@jest/globals';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { BatchLoop, type BatchLoopParts } from '../../src/batch/batch-loop.ts';
import type { Committed } from '../../src/batch/unit-of-work/unit-of-work.ts';
import type { IdempotencyClaim } from '../../src/incoming/commands.ts';
import type { Incoming, Outcome } from '../../src/incoming/incoming.ts';
import type { KafkaRecord } from '../../src/kafka/record.ts';
import { realEnvironment } from '../../src/process/environment.ts';
import { Retryable, Terminal } from '../../src/rules/failure.ts';
import { command } from '../../src/rules/messages.ts';

const Rename = command('Rename', (data: { id: string }) => data.id);
const ok = { status: 200, body: {} };

function record(offset: number): KafkaRecord {
  return { topic: 't', partition: 0, offset: String(offset), timestampMs: 0, key: null, value: null, headers: {} };
}

function event(of: KafkaRecord): Incoming {
  const id = `event-${of.offset}`;
  const traced = { causationId: id, depth: 1, correlationId: id, parent: ROOT_CONTEXT };
  return { kind: 'event', id, type: 'E', key: 'k', data: {}, payloadHash: Buffer.alloc(0), record: of, ...traced };
}

/** A batch loop over a database that is a function. */
function loopOver(work: (batch: readonly Incoming[]) => Promise<readonly Outcome[]>, waits: Retryable[] = []) {
  const batches: (readonly Incoming[])[] = [];
  const parts: BatchLoopParts = {
    decode: async (records) => records.map(event),
    work: async (batch): Promise<Committed> => {
      batches.push(batch);
      return { outcomes: await work(batch), changed: new Map(), newTasks: [] };
    },
    observer: {
      committed: () => undefined,
      waiting: (failure) => waits.push(failure),
      nothingWaits: () => waits.splice(0),
      failed: () => undefined,
    },
  };
  return { loop: new BatchLoop(parts), batches };
}

function gateway(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}

const applied = (batch: readonly Incoming[]): Outcome[] =>
  batch.map((message) => (message.kind === 'command' ? { kind: 'answered', answer: ok } : { kind: 'applied' }));

const offsets = (batch: readonly Incoming[] | undefined): string[] =>
  (batch ?? []).map((message) => ('record' in message ? message.record.offset : message.type));

describe('A command', () => {
  it('follows from the first event of its saga, whose id is that of the saga, unless its route names a step', async () => {
    const { loop, batches } = loopOver(async (batch) => batch.map(() => ({ kind: 'answered', answer: ok })));
    await loop.execute(Rename({ id: 'x' }), () => ok);
    await loop.execute({ ...Rename({ id: 'x' }), causationId: 'step-1', depth: 7 }, () => ok);
    expect(batches.flat()).toMatchObject([
      { causationId: 'x', depth: 1 },
      { causationId: 'step-1', depth: 7 },
    ]);
  });

  it('that ends a call follows from what the call follows from, and lies as deep', async () => {
    const { loop, batches } = loopOver(async (batch) => batch.map(() => ({ kind: 'answered', answer: ok })));
    const ends = { id: 't', name: 'Pay', key: 'x', correlationId: 'saga', causationId: 'event-1', depth: 5 };
    await loop.execute({ ...Rename({ id: 'x' }), ends }, () => ok);
    expect(batches.flat()).toMatchObject([{ correlationId: 'saga', causationId: 'event-1', depth: 5 }]);
  });
});

describe('the batch loop', () => {
  it('puts everything that arrived while a batch was being committed into the next one, in order', async () => {
    const first = gateway();
    let calls = 0;
    const { loop, batches } = loopOver(async (batch) => {
      calls += 1;
      if (calls === 1) await first.promise;
      return applied(batch);
    });
    const one = loop.push([record(1)]);
    await realEnvironment.turn();
    await realEnvironment.turn();
    const two = loop.push([record(2), record(3)]);
    await realEnvironment.turn();
    const answer = loop.execute(Rename({ id: 'x' }), () => ok);
    first.resolve();
    await Promise.all([one.handled, two.handled, answer]);
    expect(batches.map(offsets)).toEqual([['1'], ['2', '3', 'Rename']]);
  });

  it('puts everything that one turn of the event loop brings into one batch: the partitions of a fetch come one by one', async () => {
    const { loop, batches } = loopOver(async (batch) => applied(batch));
    const pushed = [loop.push([record(1)]), loop.push([record(2)]), loop.push([record(3)])];
    await Promise.all(pushed.map(({ handled }) => handled));
    expect(batches.map(offsets)).toEqual([['1', '2', '3']]);
  });

  it('waits out a failure that can pass, and sets nothing aside', async () => {
    let calls = 0;
    const waits: Retryable[] = [];
    const { loop, batches } = loopOver(async (batch) => {
      calls += 1;
      if (calls < 3) throw new Retryable('SQLSTATE_57P01', 'the database is shutting down');
      return applied(batch);
    }, waits);
    await loop.push([record(1), record(2)]).handled;
    expect(batches.map(offsets)).toEqual([
      ['1', '2'],
      ['1', '2'],
      ['1', '2'],
    ]);
    expect(waits.map((failure) => failure.code)).toEqual(['SQLSTATE_57P01', 'SQLSTATE_57P01']);
  });

  it('sends commands away when their patience ends, and then nothing waits: readiness must not depend on the next one', async () => {
    const now = jest.spyOn(performance, 'now');
    const waits: Retryable[] = [];
    const { loop } = loopOver(async () => {
      now.mockReturnValue(Number.MAX_SAFE_INTEGER);
      throw new Retryable('DATABASE_AWAY', 'connection refused');
    }, waits);
    await expect(loop.execute(Rename({ id: 'x' }), () => ok)).rejects.toMatchObject({ code: 'DATABASE_AWAY' });
    now.mockRestore();
    await loop.drain();
    expect(waits).toEqual([]);
  });

  it('halves a batch that cannot be written until the bad message stands alone, and goes on without it', async () => {
    const setAside: Incoming[] = [];
    const effects: string[] = [];
    const { loop, batches } = loopOver(async (batch) => {
      if (batch.some((message) => message.kind === 'event' && message.record.offset === '37')) {
        throw new Terminal('SQLSTATE_22001', 'value too long');
      }
      effects.push(...offsets(batch.filter((message) => message.kind === 'event')));
      setAside.push(...batch.filter((message) => message.kind === 'poison'));
      return applied(batch);
    });
    await loop.push(Array.from({ length: 100 }, (_, at) => record(at))).handled;
    expect(effects).toEqual(Array.from({ length: 100 }, (_, at) => String(at)).filter((offset) => offset !== '37'));
    expect(setAside).toMatchObject([{ code: 'SQLSTATE_22001', record: { offset: '37' } }]);
    expect(batches.length).toBeLessThan(20);
  });

  it('tells a command whose key is being handled that it is in use', async () => {
    const gate = gateway();
    const { loop } = loopOver(async (batch) => {
      await gate.promise;
      return applied(batch);
    });
    const claim: IdempotencyClaim = { scope: 'demo POST /x', key: 'a', requestHash: Buffer.alloc(32) };
    const first = loop.execute(Rename({ id: 'x' }), () => ok, claim);
    await expect(loop.execute(Rename({ id: 'x' }), () => ok, claim)).rejects.toMatchObject({ status: 409 });
    const otherKey = loop.execute(Rename({ id: 'x' }), () => ok, { ...claim, key: 'b' });
    gate.resolve();
    await expect(Promise.all([first, otherKey])).resolves.toEqual([ok, ok]);
    await expect(loop.execute(Rename({ id: 'x' }), () => ok, claim)).resolves.toEqual(ok);
  });

  it('refuses a command that the rules refuse, with the error of the rule', async () => {
    const error = new Terminal('NO', 'no');
    const { loop } = loopOver(async (batch) => batch.map(() => ({ kind: 'refused', error })));
    await expect(loop.execute(Rename({ id: 'x' }), () => ok)).rejects.toBe(error);
  });

  it('tells all commands whose patience has ended that the database is away, also those that were still in the queue', async () => {
    const now = jest.spyOn(performance, 'now');
    const first = gateway();
    const { loop, batches } = loopOver(async () => {
      await first.promise;
      now.mockReturnValue(Number.MAX_SAFE_INTEGER);
      throw new Retryable('DATABASE_AWAY', 'connection refused');
    });
    const begun = loop.execute(Rename({ id: 'x' }), () => ok);
    await new Promise((resolve) => setImmediate(resolve));
    const queued = loop.execute(Rename({ id: 'y' }), () => ok);
    first.resolve();
    await expect(begun).rejects.toMatchObject({ code: 'DATABASE_AWAY' });
    await expect(queued).rejects.toMatchObject({ code: 'DATABASE_AWAY' });
    now.mockRestore();
    await loop.drain();
    expect(batches).toHaveLength(1);
  });

  it('lets a command go that nobody waits for any more before it is begun, and takes all others', async () => {
    const first = gateway();
    const { loop, batches } = loopOver(async (batch) => {
      await first.promise;
      return applied(batch);
    });
    let hasGone = false;
    const leaving = { ...Rename({ id: 'gone' }), isAbandoned: () => hasGone };
    const begun = loop.execute(leaving, () => ok);
    await new Promise((resolve) => setImmediate(resolve));
    const queued = loop.execute(leaving, () => ok);
    const staying = loop.execute({ ...Rename({ id: 'stays' }), isAbandoned: () => false }, () => ok);
    hasGone = true;
    first.resolve();
    await expect(begun).resolves.toEqual(ok);
    await expect(queued).rejects.toMatchObject({ code: 'ABANDONED' });
    await expect(staying).resolves.toEqual(ok);
    const keys = batches.map((batch) => batch.map((message) => (message.kind === 'poison' ? '' : message.key)));
    expect(keys).toEqual([['gone'], ['stays']]);
  });

  it.each([
    { records: 32, before: false, why: 'few are committed first, so that more share the next batch' },
    { records: 33, before: true, why: 'while many are committed, more are fetched' },
  ])('has room before $records records are committed: $before ($why)', async ({ records, before }) => {
    const gate = gateway();
    const { loop } = loopOver(async (batch) => {
      await gate.promise;
      return applied(batch);
    });
    const pushed = loop.push(Array.from({ length: records }, (_, at) => record(at)));
    let hasRoom = false;
    const room = pushed.room.then(() => {
      hasRoom = true;
    });
    await realEnvironment.turn();
    expect(hasRoom).toBe(before);
    gate.resolve();
    await Promise.all([room, pushed.handled]);
  });

  it('has room again as soon as a full queue is worked off', async () => {
    const gate = gateway();
    const { loop } = loopOver(async (batch) => {
      await gate.promise;
      return applied(batch);
    });
    const many = loop.push(Array.from({ length: 5_000 }, (_, at) => record(at)));
    let hasRoom = false;
    const room = many.room.then(() => {
      hasRoom = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(hasRoom).toBe(false);
    gate.resolve();
    await Promise.all([room, many.handled]);
  });

  describe('sets a message aside that the database cannot store', () => {
    const refuses = (batch: readonly Incoming[], which: (message: Incoming) => boolean): Outcome[] => {
      if (batch.some(which)) throw new Terminal('SQLSTATE_54000', 'index row size 8032 exceeds maximum 2704');
      return batch.map((message) =>
        message.kind === 'poison' ? { kind: 'dead', code: message.code, reason: '' } : { kind: 'applied' },
      );
    };
    const isOdd = (message: Incoming): boolean => 'record' in message && message.record.offset === '3';
    const isWhole = (message: Incoming): boolean => message.kind !== 'poison' || message.reducedBecause === undefined;
    const records = [1, 2, 3, 4, 5].map(record);

    it('reduced, when not even its dead letter can be stored whole; nothing else waits for it', async () => {
      const { loop, batches } = loopOver(async (batch) =>
        refuses(batch, (message) => isOdd(message) && isWhole(message)),
      );
      await loop.push(records).handled;
      await loop.push([record(6)]).handled;
      const kept = batches.flat().filter((message) => isOdd(message) && !isWhole(message));
      expect(kept).toMatchObject([
        { kind: 'poison', code: 'SQLSTATE_54000', reducedBecause: expect.stringContaining('8032') },
      ]);
      expect(offsets(batches.at(-1))).toEqual(['6']);
    });

    it('and each of several, when they share a batch as poison', async () => {
      const { loop, batches } = loopOver(async (batch) =>
        refuses(batch, (message) => message.kind === 'poison' && isWhole(message)),
      );
      const poison = records.map((of) => ({
        kind: 'poison' as const,
        record: of,
        code: 'UNDECODABLE',
        reason: 'no Avro',
      }));
      expect((await loop.handleAgain(poison)).map(({ kind }) => kind)).toEqual(Array(5).fill('dead'));
      expect(batches.filter((batch) => batch.every((message) => !isWhole(message)))).toHaveLength(5);
    });

    it('and waits only for what refuses every record alike, since then there is nothing of it that could be at fault', async () => {
      let broken = true;
      const waits: Retryable[] = [];
      const { loop } = loopOver(async (batch) => {
        if (batch.every((message) => !isWhole(message)) && !broken) return refuses(batch, () => false);
        broken = waits.length < 2;
        return refuses(batch, () => true);
      }, waits);
      await loop.push([record(3)]).handled;
      expect(new Set(waits.map(({ code }) => code))).toEqual(new Set(['SQLSTATE_54000']));
      expect(waits.length).toBeGreaterThanOrEqual(2);
    });
  });
});
