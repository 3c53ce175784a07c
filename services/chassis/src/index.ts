export type { Changes } from './batch/changes.ts';
export type { Config } from './configuration/config.ts';
export { setting } from './configuration/setting.ts';
export { type ActorSource, actorInHeader } from './http/actor.ts';
export { pagesOf } from './http/input/cursor.ts';
export { id, moment, reason, text } from './http/input/fields.ts';
export { atRest, looks, wait } from './http/long-poll.ts';
export type { Act, Route, RouteInput, ServerSentEvent } from './http/route.ts';
export { forward, get, post, stream } from './http/route.ts';
export type { Mounted } from './http/server/app.ts';
export type { Answer, CommandResult } from './incoming/answer.ts';
export { ClusterLook, type GroupLook, type PartitionEnds } from './kafka/cluster-look.ts';
export type { StuckMonitor } from './operations/stuck-monitor.ts';
export { type Accepted, type JsonAnswer, jsonAnswer } from './ports/json-answer.ts';
export { type JsonClient, jsonClient } from './ports/json-client.ts';
export type { Attempts, CallContext, EndedByHand, Port } from './ports/port.ts';
export { stepPort } from './ports/step-port.ts';
export { byKey } from './postgres/by-key.ts';
export { uuidv7 } from './process/ids.ts';
export { firstIdAt } from './process/uuid-time.ts';
export type { Addressed, Aggregate, Repository } from './rules/aggregate.ts';
export { oneRow } from './rules/aggregate.ts';
export type { CompensationRefused, Refusal } from './rules/compensation.ts';
export { compensationDelay, retryableCompensation } from './rules/compensation.ts';
export { type Database, type Sql, together } from './rules/database.ts';
export type { CommandDecision, Context, Decided, Decision, Effect, Ignored, Rejected } from './rules/decision.ts';
export { decided, ignored, rejected } from './rules/decision.ts';
export type { Failure, FieldFault } from './rules/failure.ts';
export { DomainError, Retryable, Terminal } from './rules/failure.ts';
export { isId } from './rules/id-spelling.ts';
export type {
  Answered,
  AnyCallType,
  AnyCommandType,
  AnyMessageType,
  AnyTaskType,
  CallType,
  Cancellation,
  Command,
  CommandType,
  DataOf,
  Task,
  TimerType,
} from './rules/messages.ts';
export { after, call, cancel, command, timer } from './rules/messages.ts';
export type { Behaviour, Reaction, ReactionTable, SagaStyle, Section } from './rules/reactions.ts';
export { behaviourOf, inStyle, on, reactions, seconds } from './rules/reactions.ts';
export { Refused } from './rules/refused.ts';
export {
  type AnyRemoteStep,
  begins,
  type Participant,
  remoteStepsOf,
  type SagaDefinition,
  type Sagas,
  type Settled,
  type StepAnswer,
  type StepLimits,
  saga,
  sagas,
  step,
  type Tried,
} from './rules/saga/definition.ts';
export type { SagaCause, SagaLog, SagaStatus, StepLog } from './rules/saga/log.ts';
export {
  CompensateSaga,
  type OfSaga,
  ResolveSaga,
  RetrySaga,
  SagaClock,
  type SagaWord,
  sagaNotFound,
} from './rules/saga/messages.ts';
export { type LogAccess, Orchestrator } from './rules/saga/orchestrator.ts';
export { beginning, orchestrated, type Says, turningBack, waking } from './rules/saga/reactions.ts';
export { compensationId, stepId } from './rules/saga/step-id.ts';
export type { ApiContext, ServiceDefinition } from './service/definition.ts';
export { runProjection, startProjection } from './service/projection.ts';
export type {
  Background,
  Projection,
  ProjectionContext,
  ProjectionDefinition,
} from './service/projection-definition.ts';
export { runService } from './service/run-service.ts';
export { sagaLogFrom, sagaLogOf, saveSagaLogs } from './tables/saga-log.ts';
export type { Log } from './telemetry/log.ts';
export { gauge } from './telemetry/metrics.ts';
