import type { AnyTable, Store } from '@troupe/chassis/internal';

export type RelayBug = 'acknowledge before publish' | 'slot recreated at the end';

/** A bug that a test plants into a run to see that the run finds it: each field replaces one sound part. */
export interface PlantedBug {
  readonly store?: Store;
  readonly relay?: RelayBug;
  readonly offsetBeforeCommit?: true;
  readonly table?: ((table: AnyTable) => AnyTable) | undefined;
}

/** A bug of the shop's part of the simulation, or of the runtime. */
export interface ShopBug extends PlantedBug {
  /** How a call takes a final refusal. */
  readonly refusals?: 'no answer';
}
