import type { LayoutInput } from './input.ts';

type Tables = LayoutInput['choreography'];
type Row = Tables['services'][number]['rows'][number];

/** How many events lie before each one, from the one that a saga begins with. Those that no table leads to are not there. */
export function depthsOf({ services }: Tables): ReadonlyMap<string, number> {
  const rows = services.flatMap((service) => service.rows).filter(({ style }) => style !== 'orchestrated');
  const depths = new Map<string, number>();
  let events = rows.flatMap(({ begins }) => begins ?? []);
  for (let depth = 0; events.length > 0; depth += 1) {
    for (const event of events) depths.set(event, depth);
    const hearing = rows.filter(({ hears }) => hears.kind === 'event' && events.includes(hears.name));
    events = [...new Set(hearing.flatMap((row) => saidBecauseOf(row, rows)))].filter((event) => !depths.has(event));
  }
  return depths;
}

/** What a row says, and what is said once its calls are answered or its timers go off. */
function saidBecauseOf(row: Row, rows: readonly Row[]): string[] {
  const seen = new Set<Row>();
  const queue = [row];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const { starts } = next;
    queue.push(
      ...rows.filter(({ service, hears }) => service === row.service && isTask(hears) && starts.includes(hears.name)),
    );
  }
  return [...seen].flatMap(({ emits }) => emits);
}

const isTask = ({ kind }: Row['hears']): boolean => kind === 'call' || kind === 'timer';
