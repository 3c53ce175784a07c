export type { PlantedBug } from '../bugs/planted-bug.ts';
export { rowsWithId } from '../database/rows.ts';
export type { External } from '../system/calls.ts';
export type { SimulatedService } from '../system/simulated-service.ts';
export { runTrade, type Trade, type TradeCommand, type TradeResult } from './run-trade.ts';
