export { RowChanges } from '../batch/changes.ts';
export { endingRoute } from '../operations/ending.ts';
export { connections } from '../postgres/connections.ts';
export { databaseFailure } from '../postgres/database-failure.ts';
export { type WorkConnection, workConnection } from '../postgres/work-connection.ts';
export { pruneStep } from '../retention/prune-step.ts';
export { prunings } from '../retention/prunings.ts';
export {
  type ClonedDatabase,
  cloneDatabase,
  cloneWithClient,
  query,
  type RowsRead,
  rowsReadBy,
  statementsOf,
} from './database.ts';
export { type DatabaseProxy, databaseProxy } from './database-proxy.ts';
export { effectName, type MessageOf, withData } from './expected.ts';
export { type Front, type FrontLimits, front } from './front.ts';
export { answerTo, Given, specification } from './given-when-then.ts';
export { like } from './like.ts';
export { type Operators, operators } from './operators.ts';
export { outcomeOf } from './outcome.ts';
export { json, type SeenRequest, type StandIn, standIn } from './partner.ts';
export { fromStack } from './stack.ts';
export { type TcpProxy, tcpProxy } from './tcp-proxy.ts';
