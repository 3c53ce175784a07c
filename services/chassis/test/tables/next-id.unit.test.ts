import { expect, it } from '@jest/globals';
import { nextId } from '../../src/tables/progress.ts';

it.each([
  ['01900000-0000-7000-8000-000000000000', '01900000-0000-7000-8000-000000000001'],
  ['01900000-0000-7000-8000-000000000009', '01900000-0000-7000-8000-00000000000a'],
  ['01900000-0000-7000-8000-0000000000ff', '01900000-0000-7000-8000-000000000100'],
  ['01900000-0000-7000-8000-ffffffffffff', '01900000-0000-7000-8001-000000000000'],
  ['ffffffff-ffff-ffff-ffff-ffffffffffff', 'g'],
])('the id behind %s is %s', (id, next) => {
  expect(nextId(id)).toBe(next);
});
