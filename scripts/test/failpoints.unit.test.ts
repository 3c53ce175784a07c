import { describe, expect, it } from '@jest/globals';
import { FAILPOINTS } from '@troupe/chassis/internal';
import { allCases, casesOf, inRounds, isReachedWith } from '../src/attacks/failpoints/cases.ts';
import { lines } from '../src/attacks/failpoints/lines.ts';

describe('the cases of failpoints', () => {
  it('have every named point, also one that was added since', () => {
    expect(new Set(allCases.map(({ point }) => point))).toEqual(new Set(Object.keys(FAILPOINTS)));
  });

  it('leave out what a service cannot come to: inventory calls nobody', () => {
    const points = allCases.filter(({ service }) => service === 'inventory').map(({ point }) => point);
    expect(points.filter((point) => point.endsWith('-call'))).toEqual([]);
    expect(points).toContain('relay-recovery');
  });

  it('that CI runs kill each service once in a round, and leave out no case', () => {
    const rounds = inRounds(allCases, true);
    for (const round of rounds) expect(new Set(round.map(({ service }) => service)).size).toBe(round.length);
    expect(new Set(rounds.flat())).toEqual(new Set(allCases));
  });

  it('can be chosen by service and point; a name that there is not is refused, with those that there are', () => {
    expect(casesOf('payment,order', 'after-call')).toEqual([
      { service: 'order', point: 'after-call' },
      { service: 'payment', point: 'after-call' },
    ]);
    expect(() => casesOf('billing', '')).toThrow(/--service is "billing": give one of order, payment/);
    expect(() => casesOf('', 'after_call')).toThrow(/--point is "after_call": .*after-call/);
  });

  it('are played one by one, or all services at a point together; none is left out', () => {
    expect(inRounds(allCases, false).map((round) => round.length)).toEqual(allCases.map(() => 1));
    const rounds = inRounds(casesOf('payment,order', ''), true);
    expect(rounds.map((round) => round.length)).toEqual(Object.keys(FAILPOINTS).map(() => 2));
    expect(inRounds(casesOf('inventory', 'after-call,after-commit'), true)).toEqual([
      [{ service: 'inventory', point: 'after-commit' }],
    ]);
  });

  it('have no slot to lose where the relay polls', () => {
    expect(allCases.filter(isReachedWith('polling')).map(({ point }) => point)).not.toContain('relay-recovery');
    expect(allCases.filter(isReachedWith('logical'))).toEqual(allCases);
  });
});

describe('the table of failpoints', () => {
  it('shows seconds where all was well, and what was found where it was not', () => {
    const report = lines([
      { service: 'order', point: 'after-commit', orders: 4, seconds: 9.4, faults: [] },
      {
        service: 'payment',
        point: 'after-call',
        orders: 4,
        seconds: 30,
        faults: ['money.charged-once: o-1: 2 times charge'],
      },
    ]).join('\n');
    expect(report).toMatch(/after-commit +✓ 9 s/);
    expect(report).toMatch(/after-call +✗ +–/);
    expect(report).toContain('✗ payment at after-call:\n    money.charged-once: o-1: 2 times charge');
    expect(report).toContain('2 kills, 1 of them with faults.');
  });
});
