import { emitting, type Flow, type Step, shortestWay } from './flow.ts';

/** The shortest way from the command that begins an order to an event with which it ends well. Empty when there is none. */
export function goodWay(flow: Flow): readonly Step[] {
  const found = flow.rows.flatMap((row) => {
    if (row.begins === undefined) return [];
    const first = emitting(row, row.begins);
    return [
      shortestWay(flow, [first], ({ kind, name }) => kind === 'event' && flow.event(name)?.ends === 'success') ?? [],
    ];
  });
  return found.find((way) => way.length > 0) ?? [];
}
