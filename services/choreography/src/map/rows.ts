import type { AnyTable } from '@troupe/chassis/internal';
import type { MapRow, MapStyle } from './choreography.ts';

type Row = AnyTable['reactions'][number];
const STYLES: readonly MapStyle[] = ['choreographed', 'orchestrated'];

/** The rows of a table, in its order. A row that acts differently in each style becomes one for each. */
export function rowsOf({ service, reactions }: AnyTable): MapRow[] {
  return reactions.flatMap((row: Row): MapRow[] => {
    const { byStyle } = row;
    if (byStyle === undefined) return [mapRow(service, row)];
    return STYLES.flatMap((style) => {
      const behaviour = byStyle[style];
      return behaviour === undefined ? [] : [mapRow(service, { ...row, ...behaviour }, style)];
    });
  });
}

function mapRow(service: string, row: Row, style?: MapStyle): MapRow {
  const { hears, emits, begins, starts, within } = row;
  return {
    service,
    hears: { kind: hears.kind, name: hears.messageName },
    ...(style && { style }),
    emits: emits.map(({ messageName }) => messageName),
    ...(begins && { begins: begins.messageName }),
    starts: starts.map(({ messageName }) => messageName),
    ...(within !== undefined && { withinMs: within }),
  };
}

/** How a row is called in texts and in the map: "payment: Charge". */
export const rowName = ({ service, hears }: Pick<MapRow, 'service' | 'hears'>): string => `${service}: ${hears.name}`;
