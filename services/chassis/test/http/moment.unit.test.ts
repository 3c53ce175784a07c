import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { moment } from '../../src/http/input/fields.ts';

const messageOf = (text: string) => moment.safeParse(text).error?.issues.map(({ message }) => message);

describe('a moment from a client', () => {
  it.each([
    ['2026-11-21T09:30:00Z', '2026-11-21T09:30:00Z'],
    ['2026-11-21T09:30:00+23:59', '2026-11-20T09:31:00Z'],
    ['2026-11-21T09:30:00.120-05:00', '2026-11-21T14:30:00.120Z'],
    ['2026-11-21T09:30:00.1234567Z', '2026-11-21T09:30:00.123456Z'],
    [`2026-11-21T09:30:00.${'9'.repeat(300)}Z`, '2026-11-21T09:30:00.999999Z'],
    ['0001-01-01T23:59:00+23:59', '0001-01-01T00:00:00Z'],
    ['9999-12-31T00:00:59-23:59', '9999-12-31T23:59:59Z'],
    ['9999-12-31T23:59:59.999999999Z', '9999-12-31T23:59:59.999999Z'],
  ])('%s comes out in UTC, in a form that PostgreSQL reads: %s', (sent, kept) => {
    expect(moment.parse(sent)).toBe(kept);
  });

  it.each([
    '0000-01-01T00:00:00Z',
    '0000-12-31T23:59:59.999Z',
    '0001-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
  ])('is refused outside the years that PostgreSQL and JavaScript read alike: %s', (sent) => {
    expect(messageOf(sent)).toEqual(['must be a moment from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z']);
  });

  it.each(['', 'now', '2026-02-30T00:00:00Z', '2026-11-21', '+010000-01-01T00:00:00Z', '2016-12-31T23:59:60Z'])(
    'is one of RFC 3339, and else refused once: %j',
    (sent) => expect(messageOf(sent)).toHaveLength(1),
  );

  it('is the same moment as the one that was sent, whatever its offset', () => {
    const within = {
      min: new Date('0001-01-02T00:00:00Z'),
      max: new Date('9999-12-30T23:59:59Z'),
      noInvalidDate: true,
    };
    const offset = fc.tuple(
      fc.constantFrom('+', '-'),
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 0, max: 59 }),
    );
    const two = (value: number) => String(value).padStart(2, '0');
    fc.assert(
      fc.property(fc.date(within), offset, (date, [sign, hours, minutes]) => {
        const sent = date.toISOString().replace('Z', `${sign}${two(hours)}:${two(minutes)}`);
        expect(Date.parse(moment.parse(sent))).toBe(Date.parse(sent));
      }),
      { numRuns: 2_000 },
    );
  });
});
