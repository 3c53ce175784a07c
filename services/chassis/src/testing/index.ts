export { type ClonedDatabase, cloneDatabase, cloneWithClient, query, statementsOf } from './database.ts';
export { fromStack } from './stack.ts';
