export { answers } from './answers.ts';
export {
  type ConnectorConfig,
  connectorConfig,
  connectorOf,
  type OutboxSource,
  passwordVariable,
} from './connect/connector.ts';
export { Keeper } from './connect/keeper.ts';
export { type ConnectorState, ConnectRest } from './connect/rest.ts';
export { hindrance } from './connect/slot.ts';
export { brokerDoesNotAnswer, ensureTopics, heartbeatTopic, type Topic, topics } from './kafka/topics.ts';
export { type MigrationTask, migrate } from './migrations/migrate.ts';
export { migrateTables, type WithTables } from './migrations/tables.ts';
export {
  databaseOf,
  ensureDatabases,
  ensureSlot,
  makeTemplates,
  type OwnDatabase,
  releaseSlot,
  slotOf,
  withClient,
} from './postgres/databases.ts';
export { registerPatiently } from './schemas.ts';
export { StartError } from './start-error.ts';
