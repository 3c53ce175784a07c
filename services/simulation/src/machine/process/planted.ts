import type { Store } from '@troupe/chassis/internal';
import type { AnyTable } from '../service.ts';
import type { RelayBug } from './relay.ts';

/** What a test plants into the processes, to see that it is found. */
export interface PlantedInProcesses {
  readonly store?: Store;
  readonly relay?: RelayBug;
  readonly offsetBeforeCommit?: true;
  readonly table?: ((table: AnyTable) => AnyTable) | undefined;
}
