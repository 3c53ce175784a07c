import { type AnyTable, defaultTableOf, type TableSource } from '@troupe/chassis/internal';
import { definitionOf, serviceDocs, serviceNames } from '@troupe/services';
import type { Choreography } from './choreography.ts';
import { choreographyOf } from './choreography-of.ts';

/** The production tables of all services, with default settings. Nothing is started, and nothing is connected to. */
export const productionTables = (): Promise<readonly AnyTable[]> =>
  Promise.all(serviceNames.map(async (name) => defaultTableOf((await definitionOf(name)) as TableSource)));

/** The map of what runs in production. */
export const theChoreography = async (): Promise<Choreography> =>
  choreographyOf(await productionTables(), { docs: serviceDocs });
