import { describe, expect, it } from '@jest/globals';
import { chipsOf, FILTER_NAMES, filtersOf, filterWords, NO_FILTERS, queryOf } from '../../web/src/sagas/filters.ts';

const filters = (text: string) => filtersOf(new URLSearchParams(text));

describe('Filters of the list', () => {
  it('are what the query string says, and it says them again', () => {
    const text = 'q=c-7&state=stuck%2Cattention&service=shipping&since=1h&older=30s&total=20..2000';
    expect(queryOf(filters(text)).toString()).toBe(text);
  });
  it('have one text, whatever order they were chosen in', () => {
    expect(queryOf(filters('total=1..2&state=done')).toString()).toBe(
      queryOf(filters('state=done&total=1..2')).toString(),
    );
  });
  it('leave out what is no filter, and what is empty', () => {
    expect(filters('group=flat&page=3&state=&sku=%20&customer=c-1')).toEqual({ customer: 'c-1' });
  });
  it('stand as chips, but for what is searched for', () => {
    expect(chipsOf(filters('q=x&older=30s&state=stuck'))).toEqual([
      ['state', 'stuck'],
      ['older', '30s'],
    ]);
  });
  it('can all be taken away', () => {
    expect(Object.keys(NO_FILTERS).sort()).toEqual([...FILTER_NAMES].sort());
  });
});

describe('What the filters ask for, in words', () => {
  it.each([
    ['', 'saga'],
    ['state=stuck&service=shipping&older=30s', 'stuck saga at shipping older than 30 s'],
    ['state=stuck,attention', 'stuck or waiting saga'],
    ['state=done&outcome=cancelled&style=orchestrated', 'cancelled orchestrated saga'],
    [
      'since=5m&total=20..2000&sku=SKU-1&customer=c-7&q=abc',
      'saga of the last 5 min of 20 to 2000 with SKU-1 of c-7 that “abc” finds',
    ],
  ])('%s is "%s"', (text, said) => expect(filterWords(filters(text))).toBe(said));
});
