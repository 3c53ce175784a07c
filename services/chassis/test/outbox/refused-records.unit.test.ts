import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type OutgoingRecord, type Publisher, RecordRefused } from '../../src/kafka/producer.ts';
import type { OutboxRecord } from '../../src/outbox/outbox-record.ts';
import { unobserved } from '../../src/outbox/relay/observer.ts';
import { request, send } from '../../src/outbox/send.ts';
import { refusedRecordsInMemory } from './refused-records-in-memory.ts';

/** The id says key and number: `a1` is the first event of the key a; `a1!` is one that the broker refuses. */
function record(id: string, at: number, outbox: 'outbox' | 'dead_letter_outbox' = 'outbox'): OutboxRecord {
  const headers = { ce_id: id, ce_correlationid: id };
  const topic = outbox === 'outbox' ? 'order.events' : 'payment.dlq';
  return { topic, key: id[0] as string, value: null, headers, place: { outbox, position: String(at), id }, bytes: 1 };
}

/** A broker that takes what is not too large for it. */
class Broker implements Publisher {
  readonly stored: string[] = [];
  requests = 0;
  refuses = (id: string): boolean => id.endsWith('!');

  async publish(records: readonly OutgoingRecord[]): Promise<void> {
    this.requests += 1;
    const ids = records.map(({ headers }) => headers.ce_id as string);
    const at = ids.findIndex((id) => this.refuses(id));
    this.stored.push(...(at < 0 ? ids : ids.slice(0, at)));
    if (at >= 0) throw new RecordRefused('MESSAGE_TOO_LARGE', 'too large', at);
  }
  async close(): Promise<void> {}
}

async function shop(ids: readonly string[], outbox: 'outbox' | 'dead_letter_outbox' = 'outbox') {
  const records = ids.map((id, at) => record(id, at, outbox));
  const broker = new Broker();
  const kept = await refusedRecordsInMemory(records);
  const parts = { publisher: broker, observer: unobserved, refusedRecords: kept.refusedRecords };
  return {
    records,
    broker,
    kept,
    parts,
    send: (some = records) => send(some, 0, parts),
    attend: () => kept.refusedRecords.attend((some) => request(some, 0, parts)),
  };
}

describe('A record that the broker refuses for good', () => {
  it('is set aside, and later events of its key wait behind it; everything else is published in order', async () => {
    const { send, broker, kept } = await shop(['a1', 'b1', 'a2!', 'c1', 'a3', 'b2']);
    await send();
    expect(broker.stored).toEqual(['a1', 'b1', 'c1', 'b2']);
    expect(kept.ids()).toEqual(['a2!!', 'a3']);
    expect(kept.told).toEqual(['a2! MESSAGE_TOO_LARGE']);
    expect(kept.counted.at(-1)).toEqual({ refused: 1, waiting: 1 });
  });

  it('holds its key back in every later request, and after a restart of the relay', async () => {
    const { broker, kept, parts, records } = await shop(['a1!', 'a2', 'a3', 'b1']);
    await send(records.slice(0, 1), 0, parts);
    await send(records.slice(1, 2), 0, parts);
    await send(records.slice(2), 0, { ...parts, refusedRecords: await kept.open() });
    expect(broker.stored).toEqual(['b1']);
    expect(kept.ids()).toEqual(['a1!!', 'a2', 'a3']);
  });

  it('makes nothing wait that stood before it and comes again, as behind a slot that went back', async () => {
    const { broker, kept, parts, records } = await shop(['a1', 'a2!', 'a3']);
    await send(records, 0, parts);
    await send(records, 0, { ...parts, refusedRecords: await kept.open() });
    expect(broker.stored).toEqual(['a1', 'a1']);
    expect(kept.ids()).toEqual(['a2!!', 'a3']);
  });

  it('makes no other wait when it is a dead letter: these have no order', async () => {
    const { send, broker, kept } = await shop(['a1!', 'a2', 'a3!'], 'dead_letter_outbox');
    await send();
    expect([broker.stored, kept.ids()]).toEqual([['a2'], ['a1!!', 'a3!!']]);
  });

  it('costs few requests beside many of its kind', async () => {
    const ids = Array.from(
      { length: 1_000 },
      (_, at) => `${String.fromCharCode(65 + (at % 50))}${at}${at < 50 ? '!' : ''}`,
    );
    const { send, broker, kept } = await shop(ids);
    await send();
    expect([broker.stored.length, kept.rows.size]).toEqual([0, 1_000]);
    expect(broker.requests).toBeLessThan(60);
  });

  it('is published when an operator asks for it and the cause is mended, with what waits, and its key goes on', async () => {
    const { send, attend, broker, kept } = await shop(['a1!', 'a2', 'b1', 'a3']);
    await send();
    broker.refuses = () => false;
    await attend();
    expect(broker.stored).toEqual(['b1']);
    kept.want('a1!', 'retry');
    await attend();
    await send([record('a4', 9)]);
    expect(broker.stored).toEqual(['b1', 'a1!', 'a2', 'a3', 'a4']);
    expect([kept.rows.size, kept.refusedRecords.isEmpty]).toEqual([0, true]);
  });

  it('stays aside when it is tried again in vain, and its key with it', async () => {
    const { send, attend, broker, kept } = await shop(['a1!', 'a2']);
    await send();
    kept.want('a1!', 'retry');
    await attend();
    await attend();
    expect([broker.stored, kept.ids(), kept.told.length]).toEqual([[], ['a1!!', 'a2'], 2]);
  });

  it('that waited is refused in its turn: what stands before it is published, what comes behind it waits on', async () => {
    const { send, attend, broker, kept } = await shop(['a1!', 'a2', 'a3?', 'a4']);
    await send();
    broker.refuses = (id) => id.endsWith('?');
    kept.want('a1!', 'retry');
    await attend();
    expect([broker.stored, kept.ids()]).toEqual([
      ['a1!', 'a2'],
      ['a3?!', 'a4'],
    ]);
    await send([record('a5', 9)]);
    expect(kept.ids()).toEqual(['a3?!', 'a4', 'a5']);
  });

  it('is never published when an operator lets it go; its row goes, and what waits goes on', async () => {
    const { send, attend, broker, kept } = await shop(['a1!', 'a2', 'a3']);
    await send();
    kept.want('a1!', 'discard');
    await attend();
    expect([broker.stored, kept.ids(), kept.deleted]).toEqual([['a2', 'a3'], [], ['outbox 0']]);
  });

  it('leaves nothing waiting for ever when the relay dies between a decision and what waits behind it', async () => {
    const { send: sendAll, broker, kept, parts } = await shop(['a1!', 'a2', 'a3', 'b1']);
    await sendAll();
    kept.want('a1!', 'discard');
    const dying = kept.refusedRecords.attend(() => Promise.reject(new Error('the relay dies')));
    await expect(dying).rejects.toThrow('the relay dies');
    expect(kept.ids()).toEqual(['a2', 'a3']);
    const refusedRecords = await kept.open();
    await refusedRecords.attend((some) => request(some, 0, parts));
    await send([record('a4', 9)], 0, { ...parts, refusedRecords });
    expect([broker.stored, kept.ids(), refusedRecords.isEmpty]).toEqual([['b1', 'a2', 'a3', 'a4'], [], true]);
  });

  it('is let go by a retry when its row is gone: it was discarded, and came again with the log', async () => {
    const { attend, broker, kept, parts } = await shop(['a1']);
    await send([record('a0!', 7)], 0, parts);
    kept.want('a0!', 'retry');
    await attend();
    expect([broker.stored, kept.ids(), kept.refusedRecords.isEmpty]).toEqual([[], [], true]);
  });

  it('never lets an event overtake an earlier one of its key, whatever is refused, in whatever requests they come', async () => {
    const id = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.boolean());
    await fc.assert(
      fc.asyncProperty(fc.array(id, { maxLength: 30 }), fc.integer({ min: 1, max: 7 }), async (drawn, size) => {
        const ids = drawn.map(([key, refused], at) => `${key}${at}${refused ? '!' : ''}`);
        const { broker, kept, parts, records, attend } = await shop(ids);
        for (let at = 0; at < records.length; at += size) await send(records.slice(at, at + size), 0, parts);
        const refusedBefore = (name: string) =>
          ids.slice(0, ids.indexOf(name)).some((one) => one[0] === name[0] && one.endsWith('!'));
        expect(broker.stored.filter((name) => name.endsWith('!') || refusedBefore(name))).toEqual([]);
        broker.refuses = () => false;
        for (const name of ids) kept.want(name, 'retry');
        await attend();
        for (const key of ['a', 'b', 'c']) {
          expect(broker.stored.filter((name) => name[0] === key)).toEqual(ids.filter((name) => name[0] === key));
        }
      }),
    );
  });
});
