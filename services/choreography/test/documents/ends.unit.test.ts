import { describe, expect, it } from '@jest/globals';
import { ENDS_BEGIN, ENDS_END, endsSection, readEnds } from '../../src/documents/page/ends.ts';

const end = { style: 'choreographed', end: 'confirmed', paths: 12_345, states: 7, shortest: ['PlaceOrder', 'Charge'] };

describe('the ends that the prover has found', () => {
  it('are a table, and the shortest way to each', () => {
    const section = endsSection([end]);
    expect(section.startsWith(ENDS_BEGIN)).toBe(true);
    expect(section.endsWith(ENDS_END)).toBe(true);
    expect(section).toContain('| choreographed | confirmed | 12,345 | 7 | 2 |');
    expect(section).toContain(
      '<details><summary>choreographed: confirmed</summary>\n\n1. PlaceOrder\n2. Charge\n\n</details>',
    );
  });

  it('have their place before there are any', () => {
    expect(endsSection(undefined)).toContain('`npm run prove` has written none so far.');
  });

  it('are read as the prover writes them', () => {
    expect(readEnds(JSON.stringify([end]))).toEqual([end]);
  });

  it.each(['{}', '[{"style":"choreographed"}]', '[null]', JSON.stringify([{ ...end, shortest: 'PlaceOrder' }])])(
    'are refused when they are something else: %s',
    (json) => {
      expect(() => readEnds(json)).toThrow(/docs\/ends\.json is not what the prover writes.*npm run prove/);
    },
  );
});
