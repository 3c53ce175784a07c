/**
 * The map as a graph, without what reads it from the tables: plain functions over plain data, which a page can bundle.
 * `@troupe/choreography/graph`.
 */
export type {
  Choreography,
  MapEvent,
  MapRow,
  MapSaga,
  MapService,
  MapStep,
  MapStyle,
  MapTask,
} from './map/choreography.ts';
export { type Graph, graphOf, idOf, type Message } from './walk/graph.ts';
export { eventsCausedBy } from './walk/reach.ts';
export { type Flow, flowOf, type Step } from './ways/flow.ts';
export { goodWay } from './ways/good-way.ts';
export type { Way } from './ways/way.ts';
export { waysOf } from './ways/ways.ts';
