import type { Choreography } from '../map/choreography.ts';
import type { Change } from './change.ts';
import { eventChanges } from './event-changes.ts';
import { inFlight, type Meeting } from './in-flight.ts';
import { rowChanges } from './row-changes.ts';
import { sagaChanges } from './saga-changes.ts';
import { serviceChanges } from './service-changes.ts';

/** What a change of the repository means for the choreography. */
export interface Impact {
  readonly changes: readonly Change[];
  /** Services that the changes are of, or that meet them because they hear them; sorted. */
  readonly services: readonly string[];
  readonly inFlight: readonly Meeting[];
}

/** Compares two maps. Pure. */
export function impactOf(before: Choreography, now: Choreography): Impact {
  const changes = [
    ...serviceChanges(before, now),
    ...eventChanges(before, now),
    ...rowChanges(before, now),
    ...sagaChanges(before, now),
  ];
  return {
    changes,
    services: [...new Set(changes.flatMap(({ services }) => services))].sort(),
    inFlight: inFlight(before, now, changes),
  };
}
