export type { Change } from './changes/change.ts';
export { type Impact, impactOf } from './changes/changes.ts';
export type { Meeting } from './changes/in-flight.ts';
export { MAP_FILE, mapAt, NoOldMap } from './changes/old-map.ts';
export { ALLOWED, type Allowance } from './checks/allowed.ts';
export { CHECKS, check, type Verdict } from './checks/check.ts';
export { type Check, type CheckCode, durationOf, type Finding, listed } from './checks/finding.ts';
export { staleDocuments, staleSentence, writeDocuments } from './documents/written.ts';
export type {
  Choreography,
  MapAsk,
  MapCommand,
  MapEvent,
  MapField,
  MapMessage,
  MapRow,
  MapSaga,
  MapService,
  MapStep,
  MapStyle,
  MapTask,
} from './map/choreography.ts';
export { choreographyOf } from './map/choreography-of.ts';
export { rowName } from './map/rows.ts';
export { productionTables, theChoreography } from './map/the-choreography.ts';
export { type Found, find, messagesOf } from './walk/find.ts';
export { type Graph, graphOf, idOf, type Message } from './walk/graph.ts';
export { type Branch, type RowBranch, whatFollows, whatLeadsTo } from './walk/tree.ts';
