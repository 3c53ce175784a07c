import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { type Database, type Sql, uuidv7 } from '@troupe/chassis';
import {
  type IdempotencyClaim,
  type IncomingEvent,
  type KafkaRecord,
  keyHash,
  type NewDeadLetter,
  type NewTask,
  type Settlement,
  type Store,
  type TopicKey,
} from '@troupe/chassis/internal';

/** A database that is empty, and two processes that are connected to it. */
export interface StoreUnderTest {
  readonly store: Store;
  readonly one: Database<Sql>;
  readonly other: Database<Sql>;
  /** Ids in the outbox, in the order in which a relay reads them. */
  outbox(): Promise<readonly string[]>;
  /** Lets everything happen that does not have to wait. */
  settle(): Promise<void>;
  /** The same promise, with everything that it needs. */
  until<T>(promise: Promise<T>): Promise<T>;
  close(): Promise<void>;
}

let offset = 0;
function recordOf(key: string, id = uuidv7(), topic = 'order.events'): KafkaRecord {
  offset += 1;
  const place = { topic, partition: 0, offset: String(offset), timestampMs: 1_790_000_000_000 };
  return { ...place, key: Buffer.from(key), value: Buffer.from(id), headers: { ce_id: id, ce_type: 'OrderCreated' } };
}

function eventOf(id: string, bytes = 'payload'): IncomingEvent {
  const traced = { causationId: id, depth: 1, correlationId: id, parent: ROOT_CONTEXT };
  const payloadHash = Buffer.alloc(32, bytes);
  return {
    kind: 'event',
    id,
    type: 'OrderCreated',
    key: id,
    data: {},
    payloadHash,
    record: recordOf(id, id),
    ...traced,
  };
}

const deadLetterOf = (record: KafkaRecord, code?: string): NewDeadLetter => {
  return { id: uuidv7(), record, failure: code === undefined ? undefined : { code, reason: 'It broke.' } };
};
const settled = (id: string, status: Settlement['status'], replays = 1): Settlement => {
  return { id, status, outcome: status === 'HANDLED' ? 'applied' : 'dead', reason: null, code: null, replays };
};
function taskOf(name: string, key: string, more: Partial<NewTask> = {}): NewTask {
  const traced = { correlationId: key, causationId: key, depth: 3, trace: {} };
  return {
    id: uuidv7(),
    kind: 'call',
    name,
    key,
    data: { key },
    delayMs: 0,
    leased: false,
    attempts: 0,
    ...traced,
    ...more,
  };
}

const topicKey = (key: string, topic = 'order.events'): TopicKey => {
  return { topic, keyHash: keyHash(Buffer.from(key)) as string };
};

class RolledBack extends Error {}

/** A test machine may be busy. */
const PATIENT = { maxWait: 20_000, timeout: 30_000 };

/** What the runtime relies on in the database of a service. The same for PostgreSQL and for the one in memory. */
export function storeContract(open: () => Promise<StoreUnderTest>): void {
  let subject: StoreUnderTest;
  beforeEach(async () => {
    subject = await open();
  });
  afterEach(() => subject.close());

  const committed = <T>(work: (tx: Sql) => Promise<T>) => subject.until(subject.one.$transaction(work, PATIENT));
  const rolledBack = (work: (tx: Sql) => Promise<unknown>) =>
    subject.until(
      subject.one
        .$transaction(async (tx) => {
          await work(tx);
          throw new RolledBack();
        }, PATIENT)
        .catch((error: unknown) => {
          if (!(error instanceof RolledBack)) throw error;
        }),
    );
  const received = (...events: IncomingEvent[]) => committed((tx) => subject.store.receive(tx, events));

  /** A transaction of the first process that stays open until it is told how to end. */
  async function held(work: (tx: Sql) => Promise<unknown>) {
    let end: (error?: Error) => void = () => undefined;
    const told = new Promise<void>((resolve, reject) => {
      end = (error) => (error === undefined ? resolve() : reject(error));
    });
    let hold: () => void = () => undefined;
    const holds = new Promise<void>((resolve) => {
      hold = resolve;
    });
    const ended = subject.one
      .$transaction(async (tx) => {
        await work(tx);
        hold();
        await told;
      }, PATIENT)
      .catch(() => undefined);
    await subject.until(holds);
    const ends = (error?: Error) => {
      end(error);
      return subject.until(ended);
    };
    return { commit: () => ends(), rollBack: () => ends(new RolledBack()) };
  }

  /** What another process does meanwhile, and whether it is done yet. */
  async function meanwhile<T>(work: (tx: Sql) => Promise<T>) {
    const seen = { done: false };
    const result = subject.other.$transaction(work, PATIENT).then((value) => {
      seen.done = true;
      return value;
    });
    await subject.settle();
    return { isDone: () => seen.done, result: () => subject.until(result) };
  }

  describe('keys', () => {
    it('are held until the transaction ends, and others wait for them, but not for other keys', async () => {
      const first = await held((tx) => subject.store.lockKeys(tx, ['a', 'b']));
      const same = await meanwhile((tx) => subject.store.lockKeys(tx, ['b', 'c']));
      const another = await meanwhile((tx) => subject.store.lockKeys(tx, ['d']));
      await another.result();
      expect(same.isDone()).toBe(false);
      await first.commit();
      await same.result();
    });

    it('are let go when the transaction is rolled back', async () => {
      const first = await held((tx) => subject.store.lockKeys(tx, ['a']));
      const same = await meanwhile((tx) => subject.store.lockKeys(tx, ['a']));
      await first.rollBack();
      await same.result();
    });
  });

  describe('the inbox', () => {
    const [a, b] = [uuidv7(), uuidv7()];

    it('tells new ids from those that were there, and from those that were there with other bytes', async () => {
      expect((await received(eventOf(a))).fresh).toEqual(new Set([a]));
      const again = await received(eventOf(a), eventOf(b));
      expect([again.fresh, again.imposters]).toEqual([new Set([b]), new Set()]);
      expect((await received(eventOf(a, 'other'))).imposters).toEqual(new Set([a]));
    });

    it('knows an id in whichever spelling it comes, and tells it in the one that ids have', async () => {
      for (const spelled of [a.toUpperCase(), `{${a}}`, a.replaceAll('-', '')]) {
        await rolledBack(async (tx) => {
          expect((await subject.store.receive(tx, [eventOf(spelled)])).fresh).toEqual(new Set([a]));
        });
      }
      await received(eventOf(a));
      expect((await received(eventOf(a.toUpperCase()))).fresh).toEqual(new Set());
      await committed((tx) => subject.store.forget(tx, [a.toUpperCase()]));
      expect((await received(eventOf(a))).fresh).toEqual(new Set([a]));
    });

    it('knows nothing of what was rolled back, and of what was forgotten', async () => {
      await rolledBack((tx) => subject.store.receive(tx, [eventOf(a)]));
      expect((await received(eventOf(a))).fresh).toEqual(new Set([a]));
      await committed((tx) => subject.store.forget(tx, [a]));
      expect((await received(eventOf(a))).fresh).toEqual(new Set([a]));
    });

    it.each([
      ['commits', 'commit', new Set()],
      ['is rolled back', 'rollBack', new Set([a])],
    ] as const)('makes the same id wait for who inserts it first, until that %s', async (_, end, fresh) => {
      const first = await held((tx) => subject.store.receive(tx, [eventOf(a)]));
      const second = await meanwhile((tx) => subject.store.receive(tx, [eventOf(a)]));
      expect(second.isDone()).toBe(false);
      await first[end]();
      expect((await second.result()).fresh).toEqual(fresh);
    });
  });

  describe('what was set aside', () => {
    it('is one dead letter for one record, however often it comes, and makes the service have dead letters until it is settled', async () => {
      const record = recordOf('k');
      const [deadLetter, again] = [deadLetterOf(record, 'BROKEN'), deadLetterOf(record, 'BROKEN')];
      expect((await received(eventOf(uuidv7()))).hasDeadLetters).toBe(false);
      expect(await committed((tx) => subject.store.addDeadLetters(tx, [deadLetter, again]))).toEqual(
        new Set([deadLetter.id]),
      );
      expect(await committed((tx) => subject.store.addDeadLetters(tx, [again]))).toEqual(new Set());
      expect((await received(eventOf(uuidv7()))).hasDeadLetters).toBe(true);
      await committed((tx) => subject.store.settle(tx, [settled(deadLetter.id, 'HANDLED')]));
      expect((await received(eventOf(uuidv7()))).hasDeadLetters).toBe(false);
    });

    it('is another dead letter for another record at the same place, as in a topic that was deleted and made again', async () => {
      const record = recordOf('k');
      const { timestampMs } = record;
      const others: readonly KafkaRecord[] = [
        { ...record, timestampMs: timestampMs + 1 },
        { ...record, value: Buffer.from('other') },
        { ...record, value: null },
        { ...record, key: Buffer.from('other') },
        { ...record, key: Buffer.alloc(0) },
        { ...record, key: null },
        // Its hashes are those of the record before, the other way round.
        { ...record, key: null, value: record.key },
        { ...record, value: null, timestampMs: -1 },
        { ...record, value: null, timestampMs: 9_300_000_000_000_000 },
      ];
      const deadLetters = [record, ...others].map((one) => deadLetterOf(one, 'BROKEN'));
      const ids = new Set(deadLetters.map(({ id }) => id));
      expect(await committed((tx) => subject.store.addDeadLetters(tx, deadLetters))).toEqual(ids);
      const again = [record, ...others].map((one) => deadLetterOf(one, 'BROKEN'));
      expect(await committed((tx) => subject.store.addDeadLetters(tx, again))).toEqual(new Set());
    });

    it('is one dead letter for one record, whether it is kept whole or reduced', async () => {
      const [whole, reduced] = [recordOf('k'), recordOf('k')];
      const inPart = (record: KafkaRecord) => ({
        ...deadLetterOf(record, 'BROKEN'),
        reducedBecause: 'It is too large.',
      });
      await committed((tx) => subject.store.addDeadLetters(tx, [deadLetterOf(whole, 'BROKEN'), inPart(reduced)]));
      const again = [inPart(whole), deadLetterOf(reduced, 'BROKEN')];
      expect(await committed((tx) => subject.store.addDeadLetters(tx, again))).toEqual(new Set());
    });

    it('holds back its topic and key alone, in the order in which it was set aside', async () => {
      const deadLetters = [
        deadLetterOf(recordOf('k'), 'BROKEN'),
        deadLetterOf(recordOf('k')),
        deadLetterOf(recordOf('other'), 'BROKEN'),
      ];
      await committed((tx) => subject.store.addDeadLetters(tx, deadLetters));
      const open = await committed((tx) => subject.store.openDeadLetters(tx, [topicKey('k'), topicKey('k', 'else')]));
      const positions = open.map(({ position }) => position);
      expect(open.map(({ topic, keyHash: hash }) => ({ topic, keyHash: hash }))).toEqual([
        topicKey('k'),
        topicKey('k'),
      ]);
      const [first, second] = deadLetters as [NewDeadLetter, NewDeadLetter];
      const found = await subject.until(subject.store.findOpen(subject.one, [second.id, first.id]));
      expect(found.map(({ deadLetter }) => [deadLetter.id, deadLetter.status])).toEqual([
        [first.id, 'DEAD'],
        [second.id, 'PARKED'],
      ]);
      expect(found.map(({ deadLetter }) => deadLetter.position).sort()).toEqual([...positions].sort());
      expect(found[0]?.record).toEqual(first.record);
    });

    it('lets what is parked go when everything before it is settled, and not before', async () => {
      const deadLetters = [
        deadLetterOf(recordOf('k'), 'BROKEN'),
        deadLetterOf(recordOf('k')),
        deadLetterOf(recordOf('k')),
      ];
      const [dead, ...parked] = deadLetters.map(({ id }) => id) as [string, string, string];
      const releasable = async () =>
        (await subject.until(subject.store.findReleasable(subject.one, 10))).map(({ deadLetter }) => deadLetter.id);
      await committed((tx) => subject.store.addDeadLetters(tx, deadLetters));
      expect(await releasable()).toEqual([]);
      await committed((tx) => subject.store.settle(tx, [settled(dead, 'QUARANTINED', 3)]));
      expect(await releasable()).toEqual([]);
      await committed((tx) => subject.store.settle(tx, [settled(dead, 'HANDLED', 4)]));
      expect(await releasable()).toEqual(parked);
    });

    it('is kept whatever it is made of, and a key holds back its own bytes: no text, very long, or none', async () => {
      const keys = [Buffer.of(0xff), Buffer.of(0xfe), Buffer.alloc(8_000, 'k'), Buffer.from('NUL \u0000'), null];
      const odd = keys.map((key) => ({ ...recordOf('k'), key, value: null, timestampMs: 9_300_000_000_000_000 }));
      const [dead, parked] = [
        odd.map((record) => deadLetterOf(record, 'BROKEN')),
        odd.map(({ key }) => deadLetterOf({ ...recordOf('k'), key })),
      ];
      await committed((tx) => subject.store.addDeadLetters(tx, [...dead, ...parked]));
      const found = await subject.until(
        subject.store.findOpen(
          subject.one,
          dead.map(({ id }) => id),
        ),
      );
      expect(found.map(({ record: { key, value, timestampMs } }) => [key, value, timestampMs])).toEqual(
        keys.map((key) => [key, null, 9_300_000_000_000_000]),
      );
      const hashes = keys.flatMap((key) => keyHash(key) ?? []);
      const open = await committed((tx) =>
        subject.store.openDeadLetters(
          tx,
          hashes.map((hash) => ({ topic: 'order.events', keyHash: hash })),
        ),
      );
      expect(open.map(({ keyHash: hash }) => hash).sort()).toEqual([...hashes, ...hashes].sort());
      const free = await subject.until(subject.store.findReleasable(subject.one, 10));
      expect(free.map(({ deadLetter }) => deadLetter.id)).toEqual([parked.at(-1)?.id]);
    });

    it('can be kept reduced: its place and what stands for its key, which holds back as before', async () => {
      const record = recordOf('k');
      const reduced = { ...deadLetterOf(record, 'BROKEN'), reducedBecause: 'It is too large.' };
      await committed((tx) => subject.store.addDeadLetters(tx, [reduced, deadLetterOf(recordOf('k'))]));
      const [found] = await subject.until(subject.store.findOpen(subject.one, [reduced.id]));
      expect(found).toMatchObject({
        deadLetter: { status: 'DEAD', reduced: { because: 'It is too large.', keyHash: topicKey('k').keyHash } },
        record: { topic: record.topic, offset: record.offset, key: null, value: null, headers: {} },
      });
      expect(await subject.until(subject.store.findReleasable(subject.one, 10))).toEqual([]);
    });

    it('stays settled', async () => {
      const deadLetter = deadLetterOf(recordOf('k'), 'BROKEN');
      await committed((tx) => subject.store.addDeadLetters(tx, [deadLetter]));
      await committed((tx) => subject.store.settle(tx, [settled(deadLetter.id, 'HANDLED')]));
      await committed((tx) => subject.store.settle(tx, [settled(deadLetter.id, 'DEAD')]));
      expect(await subject.until(subject.store.findOpen(subject.one, [deadLetter.id]))).toEqual([]);
    });
  });

  describe('tasks', () => {
    const scheduled = (...tasks: NewTask[]) => committed((tx) => subject.store.schedule(tx, tasks));
    const claimed = async (except: readonly string[] = []) =>
      (await subject.until(subject.store.claim(subject.one, 10, except))).map(({ id }) => id);
    const pending = (...tasks: NewTask[]) => committed((tx) => subject.store.stillPending(tx, tasks));

    it('are claimed once they are due, by one, and not those that are leased or excepted', async () => {
      const [due, later] = [taskOf('Charge', 'a'), taskOf('Deadline', 'a', { kind: 'timer', delayMs: 60_000 })];
      const [leased, resting] = [taskOf('Charge', 'b', { leased: true, attempts: 1 }), taskOf('Refund', 'b')];
      await scheduled(due, later, leased, resting);
      expect(await claimed(['Refund'])).toEqual([due.id]);
      expect(await claimed()).toEqual([resting.id]);
      expect(await claimed()).toEqual([]);
    });

    it('are due again when they are given back, and count their attempts', async () => {
      const task = taskOf('Charge', 'a');
      await scheduled(task);
      await claimed();
      await subject.until(subject.store.release(subject.one, task, { delayMs: 0, error: 'no answer' }));
      const [again] = await subject.until(subject.store.claim(subject.one, 10));
      expect(again).toMatchObject({ id: task.id, attempts: 2, data: { key: 'a' }, causationId: 'a', depth: 3 });
    });

    it('are replaced by a newer one of their name and key, and an answer to the older one counts no more', async () => {
      const [older, newer] = [taskOf('Charge', 'a'), taskOf('Charge', 'a', { causationId: 'b', depth: 9 })];
      await scheduled(older);
      await scheduled(newer);
      expect(await pending(older, newer)).toEqual(new Set([newer.id]));
      await committed((tx) => subject.store.remove(tx, [older]));
      expect(await pending(newer)).toEqual(new Set([newer.id]));
      const [left] = await subject.until(subject.store.claim(subject.one, 10));
      expect(left).toMatchObject({ id: newer.id, causationId: 'b', depth: 9 });
      await committed((tx) => subject.store.remove(tx, [{ name: 'Charge', key: 'a' }]));
      expect(await pending(newer)).toEqual(new Set());
    });

    it('whose answer is being handled are neither handled by another nor claimed meanwhile', async () => {
      const task = taskOf('Charge', 'a');
      await scheduled(task);
      const first = await held(async (tx) => {
        await subject.store.stillPending(tx, [task]);
        await subject.store.remove(tx, [task]);
      });
      const second = await meanwhile((tx) => subject.store.stillPending(tx, [task]));
      expect([second.isDone(), await claimed()]).toEqual([false, []]);
      await first.commit();
      expect(await second.result()).toEqual(new Set());
    });
  });

  describe('a transaction', () => {
    const claim: IdempotencyClaim = { scope: 'ada POST /orders', key: 'k', requestHash: Buffer.alloc(32, 1) };
    const row = (id: string) => {
      const of = { aggregatetype: 'payment', aggregateid: 'k', type: 'troupe.payment.PaymentCompleted' };
      const from = { time: '2026-11-25T00:00:00.000Z', causationId: id, depth: 4, trace: {} };
      return { id, ...of, payload: Buffer.from('bytes'), ...from };
    };
    const [a, b] = [uuidv7(), uuidv7()];
    async function everything(tx: Sql): Promise<void> {
      await subject.store.receive(tx, [eventOf(a)]);
      await subject.store.append(tx, '/troupe/payment', [row(b), row(a)]);
      await subject.store.schedule(tx, [taskOf('Charge', 'k')]);
      await subject.store.addDeadLetters(tx, [deadLetterOf(recordOf('k'))]);
      await subject.store.keepAnswers(tx, [{ claim, answer: { status: 202, body: { orderId: 'k' } } }]);
    }
    async function seen() {
      const parked = await subject.until(subject.store.findReleasable(subject.other, 10));
      const answers = await subject.until(subject.other.$transaction((tx) => subject.store.findAnswers(tx, [claim])));
      return { parked: parked.length, answers: [...answers.values()], outbox: await subject.outbox() };
    }
    const nothing = { parked: 0, answers: [], outbox: [] };

    it('shows nothing before it commits, and all of it, in order, after', async () => {
      const open = await held(everything);
      expect(await seen()).toEqual(nothing);
      await open.commit();
      const answer = expect.objectContaining({ status: 202, body: { orderId: 'k' } });
      expect(await seen()).toEqual({ parked: 1, answers: [expect.objectContaining({ answer })], outbox: [b, a] });
    });

    it('that is rolled back leaves nothing', async () => {
      await rolledBack(everything);
      expect(await seen()).toEqual(nothing);
      expect(await subject.until(subject.store.claim(subject.one, 10))).toEqual([]);
    });
  });
}
