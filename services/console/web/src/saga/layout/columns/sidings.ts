import type { Hop } from '../marks/hops.ts';
import { seamsOf } from '../scene/seam-bars.ts';

interface Tracks {
  readonly hops: readonly Hop[];
  /** The place of a mark among the columns, or -1. */
  readonly at: (id: string) => number;
  /** By service: columns of marks that have a name above the staff. */
  readonly named: (service: string) => readonly number[];
}

/**
 * Hops that run beside the staff, since another one is still under way on it where they begin. Who ends first keeps the staff. Where
 * a name stands above the staff, both stay on it.
 */
export function sidingsOf({ hops, at, named }: Tracks): ReadonlySet<string> {
  const ended = hops
    .flatMap((hop) => (hop.to === null || !hasBars(hop) ? [] : [{ hop, from: at(hop.from), to: at(hop.to) }]))
    .sort((one, other) => one.to - other.to);
  const onStaff: { readonly service: string; readonly from: number; readonly to: number }[] = [];
  const sidings = new Set<string>();
  for (const { hop, from, to } of ended) {
    const service = hop.toService;
    const isTaken = onStaff.some((other) => other.service === service && other.from < to && from < other.to);
    const hasName = named(service).some((column) => column > from && column < to);
    if (isTaken && !hasName && hop.fromService !== service) sidings.add(hop.id);
    else onStaff.push({ service, from, to });
  }
  return sidings;
}

const hasBars = ({ reading }: Hop): boolean => reading !== null && seamsOf(reading.seams).length > 0;
