import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { OutboxRecord } from '../../src/outbox/outbox-record.ts';
import { Pending } from '../../src/outbox/pending.ts';

const record = (id: string, bytes = 1): OutboxRecord => ({
  topic: 't',
  key: id,
  value: null,
  headers: { ce_id: id, ce_correlationid: id },
  place: { outbox: 'outbox', position: '1', id },
  bytes,
});
const ANY = { count: 1_000_000, bytes: 1_000_000_000 };
const keys = (records: readonly OutboxRecord[]) => records.map(({ key }) => key);

describe('rows that wait for the broker', () => {
  it('are taken in order, bounded by number and by size', () => {
    const pending = new Pending();
    for (const [id, bytes] of [
      ['a', 10],
      ['b', 10],
      ['c', 80],
      ['d', 500],
      ['e', 1],
    ] as const)
      pending.add(record(id, bytes));
    expect(keys(pending.take({ count: 2, bytes: 100 }))).toEqual(['a', 'b']);
    expect(pending.bytes).toBe(581);
    expect(keys(pending.take({ count: 9, bytes: 100 }))).toEqual(['c']);
    expect(keys(pending.take({ count: 9, bytes: 100 }))).toEqual(['d']);
    expect(keys(pending.take({ count: 9, bytes: 100 }))).toEqual(['e']);
    expect([pending.size, pending.bytes]).toEqual([0, 0]);
  });

  it('free a position only when every row before it is published', () => {
    const pending = new Pending();
    pending.add(record('a'));
    pending.add(record('b'));
    pending.mark(100n);
    pending.add(record('c'));
    pending.mark(200n);
    pending.take({ count: 1, bytes: 100 });
    expect(pending.published(1)).toBeUndefined();
    pending.take(ANY);
    expect(pending.published(2)).toBe(200n);
  });

  it('free a position at once when there is nothing before it', () => {
    const pending = new Pending();
    pending.mark(100n);
    expect(pending.published(0)).toBe(100n);
  });

  it('hold back a keepalive that came behind a row, and never go back to an earlier position', () => {
    const pending = new Pending();
    pending.add(record('a'));
    pending.mark(100n);
    pending.mark(150n);
    pending.mark(120n);
    expect(pending.published(0)).toBeUndefined();
    pending.take(ANY);
    expect(pending.published(1)).toBe(150n);
  });

  it('are counted and weighed until they are taken, also when most of them are', () => {
    const pending = new Pending();
    const all = 10_000;
    for (let at = 0; at < all; at += 1) pending.add(record(String(at), 2));
    const sizes: number[] = [];
    for (let at = 0; at < 9; at += 1) {
      const taken = pending.take({ count: 1_000, bytes: 1_000_000 });
      expect(keys(taken)).toEqual(Array.from({ length: 1_000 }, (_, n) => String(at * 1_000 + n)));
      sizes.push(pending.size);
      expect(pending.bytes).toBe(pending.size * 2);
    }
    expect(sizes).toEqual([9_000, 8_000, 7_000, 6_000, 5_000, 4_000, 3_000, 2_000, 1_000]);
  });

  it('fill a request to the last byte', () => {
    const pending = new Pending();
    for (const id of ['a', 'b', 'c']) pending.add(record(id, 50));
    expect(keys(pending.take({ count: 9, bytes: 100 }))).toEqual(['a', 'b']);
  });

  it('never go back to an earlier position, however many are held back', () => {
    const pending = new Pending();
    for (const [id, lsn] of [
      ['a', 100n],
      ['b', 200n],
      ['c', 300n],
    ] as const) {
      pending.add(record(id));
      pending.mark(lsn);
    }
    pending.mark(250n);
    pending.take(ANY);
    expect(pending.published(3)).toBe(300n);
  });

  it('come out as they went in, and positions stay between the same rows, whatever the sizes of requests', () => {
    const step = fc.oneof(
      { arbitrary: fc.record({ do: fc.constant('add' as const), bytes: fc.integer({ min: 1, max: 50 }) }), weight: 5 },
      { arbitrary: fc.record({ do: fc.constant('mark' as const) }), weight: 2 },
      { arbitrary: fc.record({ do: fc.constant('send' as const), count: fc.integer({ min: 1, max: 5 }) }), weight: 2 },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const pending = new Pending();
        const sent: string[] = [];
        let added = 0;
        // A mark's position says how many rows are before it.
        for (const next of steps) {
          if (next.do === 'add') pending.add(record(String(added++), next.bytes));
          if (next.do === 'mark') pending.mark(BigInt(added));
          if (next.do !== 'send') continue;
          const batch = pending.take({ count: next.count, bytes: 60 });
          sent.push(...batch.map(({ key }) => String(key)));
          const free = pending.published(batch.length);
          if (free !== undefined) expect(Number(free)).toBeLessThanOrEqual(sent.length);
        }
        const rest = pending.take(ANY);
        sent.push(...rest.map(({ key }) => String(key)));
        pending.mark(BigInt(added));
        expect(pending.published(rest.length)).toBe(BigInt(added));
        expect(sent).toEqual(Array.from({ length: added }, (_, at) => String(at)));
      }),
    );
  });
});
