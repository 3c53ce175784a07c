import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RawHeader } from '../../src/kafka/batches/fetched-message.ts';
import type { KafkaRecord } from '../../src/kafka/record.ts';
import { areTold, packed, unpacked } from '../../src/tables/dead-letters/header-bytes.ts';
import { deadContent, MAX_RECORD_BYTES } from '../../src/tables/dead-letters/record.ts';
import { headersJson } from '../../src/tables/dead-letters/record-headers.ts';

const bytes = (size: number, fill = 0xff): Buffer => Buffer.alloc(size, fill);
const header = (name: string, value: Buffer | string | null): RawHeader => {
  return { name: Buffer.from(name), value: typeof value === 'string' ? Buffer.from(value) : value };
};

interface Odd {
  readonly key?: Buffer | null;
  readonly value?: Buffer | null;
  readonly headers?: readonly RawHeader[];
}
function recordOf({ key = Buffer.from('k'), value = Buffer.from('v'), headers = [] }: Odd): KafkaRecord {
  const texts = Object.fromEntries(headers.map(({ name, value: of }) => [String(name), String(of ?? '')]));
  const place = { topic: 'order.events', partition: 0, offset: '7', timestampMs: 0 };
  return { ...place, key, value, headers: texts, original: () => ({ timestamp: '0', headers }) };
}
const contentOf = (odd: Odd) => deadContent(recordOf(odd));

/** Of what the broker gets of it, without names, place and failure. */
function sizeOf({ key, value, own, ...rest }: ReturnType<typeof deadContent>): number {
  const texts = [key ?? '', ...Object.values(own), ...Object.values(rest)];
  return Buffer.from(value ?? '', 'base64').length + texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

describe('What goes to the dead-letter topic', () => {
  it('is whole when it has room: bytes that are no text stay bytes, and take a third more', () => {
    const raw = bytes(600_000);
    const content = contentOf({ headers: [header('x-raw', raw), header('x-text', 'ö☃'), header('x-none', null)] });
    expect(JSON.parse(content.x_original_headers)).toEqual({
      'x-raw': { base64: raw.toString('base64') },
      'x-text': 'ö☃',
      'x-none': null,
    });
    expect(content.x_truncated).toBe('');
  });

  it.each([
    ['bytes that are not UTF-8, three times as large as text', 0xff],
    ['control characters, six times as large in JSON', 0x01],
    ['quotes, twice as large in JSON', 0x22],
    ['NUL, which is no text in PostgreSQL', 0x00],
  ])('is bounded: a header of 750 KB of %s', (_, byte) => {
    const value = bytes(200_000);
    const content = contentOf({ value, headers: [header('x-large', bytes(750_000, byte)), header('x-small', 'kept')] });
    expect(sizeOf(content)).toBeLessThan(MAX_RECORD_BYTES);
    expect(content.value).toBe(value.toString('base64'));
    expect(JSON.parse(content.x_original_headers)).toMatchObject({ 'x-small': 'kept' });
    expect(JSON.parse(content.x_truncated || '{}')).toEqual(
      byte === 0x22 ? { headers: { 'x-large': 750_000 } } : expect.any(Object),
    );
  });

  it('says what was cut, by name and original size', () => {
    const value = bytes(990_000);
    const content = contentOf({ value, headers: [header('x-large', bytes(300_000)), header('x-small', 'kept')] });
    expect(JSON.parse(content.x_truncated)).toEqual({ value: 990_000, headers: { 'x-large': 300_000 } });
    expect(Buffer.from(content.value ?? '', 'base64').length).toBeGreaterThan(850_000);
  });

  it('has no more headers than somebody would read, and says how many were left out', () => {
    const headers = Array.from({ length: 90_000 }, (_, at) => header(`h${at}`, ''));
    const content = contentOf({ headers });
    expect(Object.keys(JSON.parse(content.x_original_headers))).toHaveLength(500);
    expect(JSON.parse(content.x_truncated)).toEqual({ headersLeftOut: 89_500 });
  });

  it('keeps no key as none and an empty one as empty; one that is no text stands beside it', () => {
    expect(contentOf({ key: null })).toMatchObject({ key: null, x_original_key: '' });
    expect(contentOf({ key: Buffer.alloc(0) })).toMatchObject({ key: '', x_original_key: '' });
    expect(contentOf({ key: bytes(2) })).toMatchObject({ key: '', x_original_key: '//8=' });
  });

  it('has a long header that has a column cut there, between characters, and whole among the others', () => {
    const subject = '☃'.repeat(3_000);
    const content = contentOf({ headers: [header('ce_subject', subject)] });
    expect(content.own.ce_subject).toBe('☃'.repeat(1_365));
    expect(JSON.parse(content.x_original_headers)).toEqual({ ce_subject: subject });
  });

  it('has each value of a header that is there twice', () => {
    const content = contentOf({ headers: [header('x', 'one'), header('ce_id', 'first'), header('x', 'two')] });
    expect(JSON.parse(content.x_original_headers)).toEqual({ x: ['one', 'two'] });
  });

  it('is below the bound, whatever a record is made of', () => {
    const blob = fc
      .tuple(fc.integer({ min: 0, max: 1_200_000 }), fc.integer({ min: 0, max: 255 }))
      .map(([size, fill]) => bytes(size, fill));
    const small = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
    const name = fc.oneof(
      small,
      fc.constantFrom('ce_id', 'ce_type', 'traceparent', '__proto__', 'x').map((text) => Buffer.from(text)),
      blob,
    );
    const headers = fc.array(fc.record({ name, value: fc.option(fc.oneof(small, blob)) }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.option(fc.oneof(small, blob)), fc.option(fc.oneof(small, blob)), headers, (key, value, odd) => {
        const content = contentOf({ key, value, headers: odd });
        expect(sizeOf(content)).toBeLessThan(MAX_RECORD_BYTES);
        if (content.x_original_headers !== '') JSON.parse(content.x_original_headers);
        expect(Object.values(content).some((text) => typeof text === 'string' && text.includes('\u0000'))).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});

describe('Headers in one piece', () => {
  it('are what they were', () => {
    const name = fc.uint8Array({ maxLength: 20 }).map((array) => Buffer.from(array));
    const headers = fc.array(fc.record({ name, value: fc.option(name) }));
    fc.assert(fc.property(headers, (those) => expect(unpacked(packed(those))).toEqual(those)));
  });

  it.each([
    ['names and values that are text', [header('a', 'x'), header('b', '')], true],
    ['a value that is not', [header('a', bytes(1))], false],
    ['a name that is not', [{ name: bytes(1), value: Buffer.from('x') }], false],
    ['NUL', [header('a', 'x\u0000')], false],
    ['no value', [header('a', null)], false],
    ['a name that is there twice', [header('a', 'x'), header('a', 'x')], false],
    ['a name that is none for an object', [header('__proto__', 'x')], false],
  ])('are told by their texts: %s', (_, headers, told) => {
    expect(areTold(headers)).toBe(told);
  });

  it('as JSON leave room for the last of them, when the first is large', () => {
    const { json, cut, leftOut } = headersJson([header('large', bytes(5_000)), header('small', 'x')], 1_000);
    expect(Buffer.byteLength(json)).toBeLessThanOrEqual(1_000);
    expect([Object.keys(JSON.parse(json)), [...cut], leftOut]).toEqual([['large', 'small'], [['large', 5_000]], 0]);
  });
});
