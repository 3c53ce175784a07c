import { describe, expect, it } from '@jest/globals';
import { Book, type Measure } from '../src/attacks/soak/book.ts';
import { judged, type Point, short, trendOf } from '../src/attacks/soak/trend.ts';
import { metricIn } from '../src/stack/metrics-text.ts';

const MINUTE_MS = 60_000;
/** A point each minute. */
const points = (count: number, valueAt: (minute: number) => number): Point[] =>
  Array.from({ length: count }, (_, minute) => ({ atMs: 5_000 + minute * MINUTE_MS, value: valueAt(minute) }));
/** Up and down again, four points each, as memory that is collected. */
const saw = (minute: number): number => [0, 5, 10, 15][minute % 4] ?? 0;

describe('a trend', () => {
  it('is the straight line that is nearest to all points, by its rise in an hour', () => {
    const line = trendOf(points(31, (minute) => 100 + 2 * minute));
    expect(line.perHour).toBeCloseTo(120);
    expect([line.from, line.to, line.mean]).toEqual([100, 160, 130].map((value) => expect.closeTo(value)));
    expect(line.swing).toBeCloseTo(0);
  });

  it('agrees with a fit by hand: (0,1) (1,2) (2,4) … with a slope of 1.5 for three points', () => {
    const values = [1, 2, 4, 1, 2, 4, 1, 2, 4];
    const atMs = [0, 1, 2, 0, 1, 2, 0, 1, 2];
    const fit = trendOf(values.map((value, at) => ({ value, atMs: (atMs[at] ?? 0) * 3_600_000 })));
    expect(fit.perHour).toBeCloseTo(1.5);
    expect(fit.from).toBeCloseTo(5 / 6);
  });

  it('needs eight points of different moments', () => {
    expect(() => trendOf(points(7, () => 1))).toThrow('at least 8 points');
    expect(() => trendOf(Array.from({ length: 9 }, () => ({ atMs: 1, value: 1 })))).toThrow('different moments');
  });
});

describe('the verdict on a measure', () => {
  const verdictOf = (valueAt: (minute: number) => number, slack = 1): string =>
    judged(points(60, valueAt), slack).verdict;

  it('is level for what stays, falls, or goes up and down around a level', () => {
    expect(verdictOf(() => 0)).toBe('level');
    expect(verdictOf(() => 150)).toBe('level');
    expect(verdictOf((minute) => 150 - minute)).toBe('level');
    expect(verdictOf((minute) => 150 + saw(minute))).toBe('level');
    expect(verdictOf((minute) => (minute % 17 === 16 ? 900 : 0))).toBe('level');
  });

  it('is grows for a leak, also under the ups and downs of collected memory', () => {
    expect(verdictOf((minute) => 100 + minute)).toBe('grows');
    expect(verdictOf((minute) => 100 + minute + saw(minute))).toBe('grows');
    expect(
      judged(
        points(60, (minute) => 100 + minute + saw(minute)),
        1,
      ).why,
    ).toBe('it rose by 60.2, and swings by 5.67');
  });

  it('does not foretell an hour from a few minutes: a quarter of what matters must be seen', () => {
    const quickly = (minute: number): number => 100 + minute;
    expect(
      judged(
        points(9, (minute) => 100 + minute / 5),
        10,
      ),
    ).toMatchObject({ verdict: 'level', why: 'it rose by no more than 1.60' });
    expect(judged(points(9, quickly), 10).verdict).toBe('grows');
  });

  it('does not make much of a rise that does not matter: a tenth in an hour, or the slack of the measure', () => {
    expect(verdictOf((minute) => 1_000 + minute)).toBe('level');
    expect(verdictOf((minute) => minute / 2, 50)).toBe('level');
    expect(verdictOf((minute) => minute / 2, 20)).toBe('grows');
  });
});

describe('the book of a soak', () => {
  const memory: Measure = { what: 'memory', of: 'order', unit: 'MB', slack: 10 };
  const inbox: Measure = { what: 'inbox rows', of: 'order', unit: '', slack: 10, kept: 'ids are kept' };
  const bookOf = (measure: Measure, valueAt: (minute: number) => number): Book => {
    const book = new Book();
    for (const { atMs, value } of points(60, valueAt)) book.enter(atMs, [{ ...measure, value }]);
    return book;
  };

  it('judges by the second half: a process that has warmed up is level', () => {
    const [entry] = bookOf(memory, (minute) => Math.min(120 + 5 * minute, 200)).entries();
    expect(entry).toMatchObject({ verdict: 'level', isFault: false, from: expect.closeTo(200) });
  });

  it('takes growth for a fault, unless it is known why it has to be', () => {
    expect(bookOf(memory, (minute) => 100 + minute).entries()).toMatchObject([{ verdict: 'grows', isFault: true }]);
    expect(bookOf(inbox, (minute) => 100 * minute).entries()).toMatchObject([
      { verdict: 'grows', isFault: false, why: 'ids are kept' },
    ]);
  });

  it('keeps the measures of different processes apart', () => {
    const book = new Book();
    for (const { atMs, value } of points(30, (minute) => minute)) {
      book.enter(atMs, [
        { ...memory, value: 100 },
        { ...memory, of: 'payment', value: 100 + 5 * value },
      ]);
    }
    expect(book.entries().map(({ of, verdict }) => [of, verdict])).toEqual([
      ['order', 'level'],
      ['payment', 'grows'],
    ]);
  });
});

describe('a metric in the text of Prometheus', () => {
  const text = '# TYPE lag gauge\nlag_sum{service="order"} 9\nlag{service="order"} 0.0125\nheap 12\n';
  it('is found by its whole name, and missed aloud', () => {
    expect([metricIn(text, 'lag'), metricIn(text, 'heap')]).toEqual([0.0125, 12]);
    expect(() => metricIn(text, 'la')).toThrow('There is no la among the metrics.');
  });
});

describe('a number for people', () => {
  it('has three digits that matter', () => {
    const shown = [0, 0.0123, 1.234, 12.34, 123.4, 12_345.6, -3].map(short);
    expect(shown).toEqual(['0', '0.012', '1.23', '12.3', '123', '12,346', '-3']);
  });
});
