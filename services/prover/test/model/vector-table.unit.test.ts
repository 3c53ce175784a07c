import { describe, expect, it } from '@jest/globals';
import { VectorTable } from '../../src/model/vector-table.ts';

describe('a table of vectors', () => {
  it('gives each vector one number, however often it comes and however large the table becomes', () => {
    const table = new VectorTable(3);
    const vectors = Array.from({ length: 20_000 }, (_, at) => [at % 7, at, at * at]);
    expect(vectors.map((vector) => table.idOf(vector))).toEqual(vectors.map((_, at) => at));
    expect(vectors.map((vector) => table.idOf(vector))).toEqual(vectors.map((_, at) => at));
    expect(table.size).toBe(20_000);
    expect(table.read(12_345)).toEqual([12_345 % 7, 12_345, 12_345 * 12_345]);
  });
});
