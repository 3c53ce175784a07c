import type { Proved } from './prove.ts';

/** An end as docs/ends.json lists it, for the page of the choreography. */
export interface ListedEnd {
  readonly style: string;
  readonly end: string;
  readonly states: number;
  readonly paths: number;
  /** A sentence for each step. */
  readonly shortest: readonly string[];
}

/** The ends of one order, each once: an order that needs approval also ends as others do. */
export function endsOfOneOrder(proofs: readonly Proved[]): readonly ListedEnd[] {
  const listed = new Map<string, ListedEnd>();
  for (const { scenario, ends } of proofs) {
    if (scenario.orders > 1) continue;
    const { style } = scenario.placed;
    for (const { end, states, paths, shortest } of ends) {
      const known = listed.get(`${style} ${end}`) ?? { style, end, states: 0, paths: 0, shortest: [] };
      const way = shortest.map(({ label }) => label);
      const isShorter = known.states === 0 || way.length < known.shortest.length;
      listed.set(`${style} ${end}`, {
        ...known,
        states: known.states + states,
        paths: known.paths + paths,
        shortest: isShorter ? way : known.shortest,
      });
    }
  }
  return [...listed.values()];
}
