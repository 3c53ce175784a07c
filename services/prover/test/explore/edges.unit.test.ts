import { describe, expect, it } from '@jest/globals';
import { Edges } from '../../src/explore/edges.ts';

/** A graph by its steps; a step that is not own is negative. */
function graph(steps: readonly (readonly number[])[], ends: readonly number[]): Edges {
  const edges = new Edges();
  for (const [state, targets] of steps.entries()) {
    edges.begin(state);
    for (const target of targets) edges.add(Math.abs(target), target >= 0);
  }
  for (const end of ends) edges.end(end);
  return edges;
}

describe('the steps of a graph', () => {
  it('count the ways to a state that come to no state twice', () => {
    const edges = graph([[1, 2], [3], [3, 1], [0]], [3]);
    expect([...edges.paths()]).toEqual([1, 2, 1, 3]);
  });

  it('find a state from which no end can be reached', () => {
    const edges = graph([[1, 2], [], [2]], [1]);
    expect(edges.withoutWayTo((state) => edges.isEnd(state), { ownOnly: false })).toBe(2);
  });

  it('find a state from which an end needs an answer of somebody else', () => {
    const edges = graph([[1], [-2], []], [2]);
    const isEnd = (state: number) => edges.isEnd(state);
    expect(edges.withoutWayTo(isEnd, { ownOnly: false })).toBeUndefined();
    expect(edges.withoutWayTo(isEnd, { ownOnly: true })).toBe(0);
  });
});
