export { BUGS } from './bugs/bugs.ts';
export type { End, Explored, TraceStep, Violation } from './explore/explore.ts';
export type { Bounds, Budget } from './model/domain.ts';
export { type Proved, prove } from './run/prove.ts';
export { proveAll } from './run/prove-all.ts';
export { DEFAULT_BOUNDS, type Scenario, type ScenarioBounds, scenarios } from './run/scenarios.ts';
export { type Replayed, replay, replayOnRuntime, type Trace } from './run/trace.ts';
export { ORDER, SKU } from './shop/order.ts';
export type { Placed } from './shop/shop.ts';
