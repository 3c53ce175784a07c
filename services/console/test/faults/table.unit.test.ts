import { describe, expect, it } from '@jest/globals';
import { DIAGNOSIS_CODES } from '../../src/contract/diagnosis.ts';
import { FAULTS } from './faults.ts';
import { faultTable, tableIn, writeTable } from './table.ts';

const document = new URL('../../../../docs/reliability.md', import.meta.url);

describe('The table of faults', () => {
  it('has a fault for every code, twenty at least', () => {
    const codes = new Set(FAULTS.map(({ code }) => code));
    expect(DIAGNOSIS_CODES.filter((code) => !codes.has(code))).toEqual([]);
    expect(FAULTS.filter(({ code }) => code !== null).length).toBeGreaterThanOrEqual(20);
  });

  // WRITE_FAULT_TABLE=1 writes it.
  it('stands in docs/reliability.md as it is', () => {
    if (process.env.WRITE_FAULT_TABLE) writeTable(document);
    expect(tableIn(document)).toBe(faultTable());
  });
});
