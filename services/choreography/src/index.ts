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
