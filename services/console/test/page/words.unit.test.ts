import { describe, expect, it } from '@jest/globals';
import { bytes, counted, money, rate, roundMoney, shortId } from '../../web/src/parts/words/amount.ts';
import { age, parseSpan, preciseAge } from '../../web/src/parts/words/duration.ts';
import { readable, withQuery } from '../../web/src/parts/words/query-string.ts';

describe('How old something is', () => {
  it('counts whole seconds, and never up to one that has not passed', () => {
    expect([999, 1_000, 42_999, 60_000, -500].map(age)).toEqual(['0 s', '1 s', '42 s', '1 min 00 s', '0 s']);
  });
  it('has tenths up to a minute where one saga is looked at', () => {
    expect([440, 42_190, 60_100].map(preciseAge)).toEqual(['0.4 s', '42.1 s', '1 min 00 s']);
  });
});

it('A span of a filter has a figure and a unit, and nothing else is one', () => {
  expect(['30s', '5m', '1h', '2d'].map(parseSpan)).toEqual([30_000, 300_000, 3_600_000, 172_800_000]);
  expect(['', '5', 'h', '1 h', '-1h', '1w'].map(parseSpan)).toEqual(Array(6).fill(undefined));
});

describe('Amounts', () => {
  it('show what the currency has of minor units', () => {
    expect(money({ amount: 8598, currency: 'USD' })).toBe('$85.98');
    expect(money({ amount: 8598, currency: 'JPY' })).toBe('¥8,598');
  });
  it('of a currency that is none are shown as a figure, and break nothing', () => {
    expect(money({ amount: 8598, currency: 'no currency' })).toBe('85.98');
  });
  it('of many orders have no minor units', () => {
    expect(roundMoney({ amount: 1_608_000, currency: 'USD' })).toBe('$16,080');
    expect(roundMoney({ amount: 20_798, currency: 'USD' })).toBe('$207.98');
  });
  it('of anything are one or several', () => {
    expect([counted(1, 'saga'), counted(1204, 'saga')]).toEqual(['1 saga', '1,204 sagas']);
    expect([rate(0), rate(12.13), rate(1043.2)]).toEqual(['0', '12.1', '1,043']);
    expect([bytes(999), bytes(12_500_000)]).toEqual(['999 B', '13 MB']);
  });
});

it('The short form of an id is its end: orders of one minute begin alike', () => {
  expect(shortId('01a1fd37-62cd-7a41-9c0e-54f2e86ecfbc')).toBe('e86ecfbc');
  expect(shortId('demo')).toBe('demo');
});

describe('An address', () => {
  it('is written as people write it', () => {
    expect(readable(new URLSearchParams({ since: '1h', total: '20..2000', cause: 'A/b/C' }))).toBe(
      'since=1h&total=20..2000&cause=A/b/C',
    );
  });
  it('loses what is set to nothing, and keeps the rest', () => {
    const query = new URLSearchParams('since=1h&state=stuck');
    expect(withQuery('/sagas', query, { state: null, sku: 'A & B' })).toBe('/sagas?since=1h&sku=A+%26+B');
    expect(withQuery('/sagas', query, { since: null, state: '' })).toBe('/sagas');
  });
});
