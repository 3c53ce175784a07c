export { rowsWithId } from './database/rows.ts';
export type { Outside } from './process/calls.ts';
export type { PlantedInProcesses } from './process/planted.ts';
export type { SimulatedService } from './service.ts';
export { type Ended, runTrade, type Trade, type Wish } from './trade.ts';
