import { describe, expect, it } from '@jest/globals';
import { type Codec, OrderCancelled, OrderCreated, UndecodableMessage } from '@troupe/schemas';
import type { FeedRecord } from '../src/feed/feed.ts';
import { coloured, paintFor, plain } from '../src/terminal/paint.ts';
import { detailsOf, money } from '../src/watch/details.ts';
import { eventLine } from '../src/watch/event-line.ts';
import { Merge } from '../src/watch/merge.ts';
import { originOf } from '../src/watch/origin.ts';
import { seen } from '../src/watch/seen.ts';
import { shown } from '../src/watch/text.ts';

const orderId = '01a1fd2b-f180-70da-95e8-1af30bfa07e2';
const esc = String.fromCharCode(27);

const record: FeedRecord = {
  topic: 'order.events',
  partition: 3,
  offset: '41',
  timestampMs: 5,
  key: orderId,
  value: Buffer.from('x'),
  headers: {
    ce_id: 'an-id',
    ce_causationid: 'its-cause',
    ce_type: 'troupe.order.OrderCreated',
    ce_time: '2026-11-21T08:14:37.959Z',
  },
};

function codec(decode: Codec['decode']): Codec {
  const nothing = async (): Promise<void> => undefined;
  return { decode, learn: nothing, prepare: nothing, encode: () => Buffer.alloc(0) };
}

const created = OrderCreated({
  orderId,
  customerId: 'demo',
  amount: 4_299,
  currency: 'USD',
  paymentToken: 'tok_ok',
  items: [{ sku: 'SKU-001', quantity: 1, unitPrice: 4_299 }],
});
const readable = codec(() => ({ type: OrderCreated, data: created.data }));
const unreadable = codec(() => {
  throw new UndecodableMessage('AVRO_BROKEN', `The message is broken${esc}[2J.`);
});

describe('a line of watch', () => {
  it('has time, service, event, the end of the order id, and what matters', () => {
    const line = eventLine(seen(record, readable), plain);
    expect(line).toMatch(/^\d\d:\d\d:37\.959 {2}order {9}OrderCreated {13}…0bfa07e2 {2}\$42\.99, 1 × SKU-001$/);
  });

  it('says of a record that cannot be decoded where it is, why, and how it begins', () => {
    const event = seen(record, unreadable);
    expect(event.kind).toBe('unreadable');
    expect(eventLine(event, plain)).toContain('✗ OrderCreated');
    expect(event.details).toBe('order.events/3@41 cannot be read: The message is broken\\u{1b}[2J. (1 bytes: 78)');
  });

  it('says of a whole batch that cannot be read which it is, and why, and does not decode it', () => {
    const reason = 'The batch of records at the offsets 12 to 41 cannot be read: it is a bomb.';
    const batch = { ...record, key: undefined, headers: {}, timestampMs: -1, unreadable: reason };
    const event = seen(batch, readable);
    expect(event).toMatchObject({
      kind: 'unreadable',
      id: 'order.events/3@41',
      details: `order.events/3@41: ${reason}`,
    });
    expect(eventLine(event, plain)).toContain('✗ unknown event');
  });

  it('shows a record without a value, a key or headers', () => {
    const event = seen({ ...record, value: null, key: undefined, headers: {} }, readable);
    expect(event).toMatchObject({ kind: 'unreadable', id: 'order.events/3@41', orderId: '', at: 5, cause: undefined });
    expect(eventLine(event, plain)).toContain('no key');
  });

  it('shows a dead letter with its reason and where it came from', () => {
    const headers = {
      ...record.headers,
      'x-error-class': 'StockMissing',
      'x-error-message': `no${esc}]0;title`,
      'x-attempts': '1',
      'x-original-topic': 'payment.events',
      'x-original-partition': '2',
      'x-original-offset': '7',
    };
    const event = seen({ ...record, topic: 'inventory.dlq', headers }, readable);
    expect(event).toMatchObject({ kind: 'dead letter', service: 'inventory', name: 'OrderCreated' });
    expect(event.details).toBe(
      'StockMissing: no\\u{1b}]0;title (from payment.events/2@7, attempts: 1; $42.99, 1 × SKU-001)',
    );
  });

  it('passes on that the schema registry is away, so that the record comes again', () => {
    const away = codec(() => {
      throw new Error('registry away');
    });
    expect(() => seen(record, away)).toThrow('registry away');
  });

  it('shows no character of a stranger that could act on the terminal', () => {
    const data = {
      orderId,
      detail: `${esc}[31m\r\nforged`,
      reason: '\u202egnp.exe',
      items: [{ sku: '\u0007', quantity: 1 }],
    };
    const line = eventLine(
      seen(
        { ...record, key: `${esc}c` },
        codec(() => ({ type: OrderCancelled, data })),
      ),
      plain,
    );
    expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(line).toContain('“\\u{1b}[31m\\u{d}\\u{a}forged”');
  });
});

describe('text of strangers', () => {
  it('keeps letters, emoji and other scripts', () => {
    expect(shown('Grüße 👩‍🚀 مرحبا')).toBe('Grüße 👩‍🚀 مرحبا');
  });

  it('escapes halves of surrogate pairs, separators of lines and changes of direction', () => {
    expect(shown('\ud800 \u2028 \u2066 \u007f \u009b')).toBe('\\u{d800} \\u{2028} \\u{2066} \\u{7f} \\u{9b}');
  });

  it('is cut when it is long', () => {
    expect(shown('a'.repeat(10_000), 20)).toBe(`${'a'.repeat(19)}…`);
  });
});

describe('what matters of an event', () => {
  it('is shown of any event that has such fields', () => {
    const details = detailsOf({
      orderId,
      amount: 150_000,
      currency: 'EUR',
      attempts: 2,
      nextAttemptAt: null,
      weight: 3,
    });
    expect(details).toBe('1500.00 EUR, refused 2×, not tried again by itself');
  });

  it('names the first items only', () => {
    const items = ['A', 'B', 'C', 'D', 'E'].map((sku) => ({ sku, quantity: 2 }));
    expect(detailsOf({ items })).toBe('2 × A, 2 × B, 2 × C and 2 more');
  });

  it('is money in whole cents', () => {
    expect([money(5, 'USD'), money(149_900, 'USD')]).toEqual(['$0.05', '$1499.00']);
  });
});

describe('colours', () => {
  it('are for terminals, and not for those who ask for none', () => {
    expect(paintFor({ isTTY: true }, {})('x', 'red')).toBe(`${esc}[31mx${esc}[0m`);
    expect(paintFor({ isTTY: true }, { NO_COLOR: '1' })('x', 'red')).toBe('x');
    expect(paintFor({ isTTY: true }, { TERM: 'dumb' })('x', 'red')).toBe('x');
    expect(paintFor({}, {})('x', 'red')).toBe('x');
  });

  it('mark what went wrong', () => {
    expect(eventLine(seen(record, unreadable), coloured)).toContain(`${esc}[31m✗ OrderCreated`);
  });
});

describe('the past of many partitions', () => {
  const at = (...times: number[]) => times.map((time) => ({ at: time }));

  it('is shown in the order of time', () => {
    const merge = new Merge(['a', 'b']);
    expect(merge.push('a', at(1, 4), false)).toEqual([]);
    expect(merge.push('b', at(2, 3), false)).toEqual(at(1, 2, 3));
    expect(merge.caughtUp).toBe(false);
    expect(merge.push('b', at(5), true)).toEqual(at(4));
    expect(merge.push('a', at(6), true)).toEqual(at(5, 6));
    expect(merge.caughtUp).toBe(true);
  });

  it('holds back what is new elsewhere until it is complete', () => {
    const merge = new Merge(['a']);
    expect(merge.push('c', at(9), true)).toEqual([]);
    expect(merge.push('a', at(8), true)).toEqual(at(8, 9));
    expect(merge.push('c', at(7), true)).toEqual(at(7));
  });

  it('keeps the order of each partition, whatever the clocks said', () => {
    const merge = new Merge(['a', 'b']);
    merge.push('a', at(5, 1), true);
    expect(merge.push('b', at(3), true)).toEqual(at(3, 5, 1));
  });
});

describe('where to begin', () => {
  it('is a minute before the order was placed, as its id says', () => {
    expect(originOf(orderId)).toEqual(new Date(0x01a1fd2bf180 - 60_000));
  });

  it('is the oldest event when the id does not tell', () => {
    expect(originOf('0bfa07e2')).toBe('oldest');
    expect(originOf('9b2f6a52-3a3c-4a3e-9a4e-0123456789ab')).toBe('oldest');
  });
});
