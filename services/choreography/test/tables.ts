import type { AnyTable } from '@troupe/chassis/internal';
import { serviceDocs } from '@troupe/services';
import { type Choreography, choreographyOf, productionTables } from '../src/index.ts';

type Row = AnyTable['reactions'][number];

/** The production tables, as the checks see them. */
export const tables = await productionTables();

/** The map of these tables. */
export const mapOf = (changed: readonly AnyTable[] = tables): Choreography =>
  choreographyOf(changed, { docs: serviceDocs });

/** A copy of the tables in which one service has other rows. */
export const withRows = (service: string, change: (rows: readonly Row[]) => readonly Row[]): AnyTable[] =>
  tables.map((table) => (table.service === service ? { ...table, reactions: change(table.reactions) } : table));

/** The map of a copy of the tables in which one row is another one, or is missing. */
export function mapWithRow(name: string, change: (row: Row) => Row | undefined): Choreography {
  const [service = '', heard = ''] = name.split(': ');
  const found = tables.find((table) => table.service === service)?.reactions;
  if (!found?.some(({ hears }) => hears.messageName === heard)) throw new Error(`There is no row ${name}.`);
  return mapOf(
    withRows(service, (rows) => rows.flatMap((row) => (row.hears.messageName === heard ? (change(row) ?? []) : [row]))),
  );
}

/** The same row with other effects, whatever the style. */
export const saying = (row: Row, says: Partial<Pick<Row, 'emits' | 'starts' | 'within'>>): Row => ({
  ...row,
  ...says,
  ...(row.byStyle && {
    byStyle: Object.fromEntries(
      Object.entries(row.byStyle).map(([style, behaviour]) => [style, { ...behaviour, ...says }]),
    ),
  }),
});
