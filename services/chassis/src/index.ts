export type { Addressed, Aggregate, Repository } from './aggregate.ts';
export { oneRow } from './aggregate.ts';
export { compensationDelay } from './compensation.ts';
export type { Config } from './config.ts';
export { ConfigError, readConfig } from './config.ts';
export { type Database, type Sql, type Transactions, together } from './database.ts';
export type { CommandDecision, Context, Decided, Decision, Effect, Ignored, Rejected } from './decision.ts';
export { decided, ignored, rejected } from './decision.ts';
export { FAILPOINTS, type Failpoint, failpoint } from './failpoint.ts';
export type { Failure, FieldFault } from './failure.ts';
export { DomainError, Retryable, Terminal } from './failure.ts';
export { type ActorSource, actorInHeader } from './http/actor.ts';
export { CAUSATION_HEADER, causationOf } from './http/causation.ts';
export { pagesOf } from './http/cursor.ts';
export { id } from './http/id.ts';
export { atRest, looks, wait } from './http/long-poll.ts';
export { moment } from './http/moment.ts';
export { reason } from './http/reason.ts';
export type { Act, Answer, CommandResult, Route, RouteInput, ServerSentEvent } from './http/route.ts';
export { get, post, stream } from './http/route.ts';
export { text } from './http/text.ts';
export { isId } from './id-spelling.ts';
export { uuidv7 } from './ids.ts';
export type { Incoming, IncomingCommand, IncomingEvent, IncomingTask, Letter, Outcome, Poison } from './incoming.ts';
export { type Unreadable, unreadableOf } from './kafka/batches/fetched-message.ts';
export { mendKafkajs } from './kafka/mended-kafkajs.ts';
export type { KafkaRecord } from './kafka/record.ts';
export { Lane, type LaneParts } from './lane.ts';
export { type Letters, letters, type Rehearsal } from './letters.ts';
export type { Log } from './log.ts';
export type { Lookout } from './lookout.ts';
export type {
  Answered,
  AnyMessageType,
  CallType,
  Cancellation,
  Command,
  CommandType,
  Task,
  TimerType,
} from './messages.ts';
export { after, call, cancel, command, timer } from './messages.ts';
export { gauge } from './metrics.ts';
export { type Partner, partner } from './partner.ts';
export { type Accepted, type AnswerKind, answerKind, type PartnerAnswer, partnerAnswer } from './partner-answer.ts';
export type { Reaction, ReactionTable, Section } from './reactions.ts';
export { on, reactions, seconds } from './reactions.ts';
export { Refused } from './refused.ts';
export { runService } from './run-service.ts';
export { type Answered as SagaAnswered, Conductor, type LogPlace } from './saga/conduct.ts';
export {
  type AnyAsk,
  asksOf,
  begins,
  type SagaDefinition,
  type Sagas,
  type Settled,
  type StepAnswer,
  type StepLimits,
  saga,
  sagas,
  step,
  type Tried,
} from './saga/definition.ts';
export {
  type CompensationLog,
  isEnded,
  type SagaCause,
  type SagaLog,
  type SagaStatus,
  type StepLog,
} from './saga/log.ts';
export {
  CompensateSaga,
  ResolveSaga,
  RetrySaga,
  SagaClock,
  sagaNotFound,
} from './saga/messages.ts';
export { beginning, conducted } from './saga/reactions.ts';
export { compensationId, stepId } from './saga/step-id.ts';
export { stepPort, stepRefused } from './saga/step-port.ts';
export { sagaLogFrom, sagaLogOf, saveSagaLogs } from './saga/store.ts';
export type { ApiContext, Attempts, CallContext, Changes, EndedByHand, Port, ServiceDefinition } from './service.ts';
export { setting } from './setting.ts';
export { byKey } from './store/by-key.ts';
export { momentOf } from './store/record-time.ts';
export { short, storable } from './store/storable.ts';
export { type Committed, rehearse, type UnitOfWorkParts, unitOfWork } from './unit-of-work.ts';
export { firstIdAt } from './uuid-time.ts';
