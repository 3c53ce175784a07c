export type { PendingTask, WithdrawnTask } from './incoming/pending-task.ts';
export type { OperatorAct } from './rules/operator-act.ts';

// What the simulation runs, or stands in for, of the runtime.

export { BatchLoop, type BatchLoopParts } from './batch/batch-loop.ts';
export type { BatchLoopObserver } from './batch/observer.ts';
export { RecordBatches, type RecordBatchesParts } from './batch/record-batches.ts';
export type { UnitOfWorkParts } from './batch/unit-of-work/parts.ts';
export { type Committed, rehearse, unitOfWork } from './batch/unit-of-work/unit-of-work.ts';
export { ConfigError, readConfig } from './configuration/config.ts';
export { type DeadLetters, deadLetters, type Rehearsal } from './dead-letters/dead-letters.ts';
export { CAUSATION_HEADER, causationOf } from './incoming/causation.ts';
export type { IdempotencyClaim } from './incoming/commands.ts';
export { CAUSE_DEPTH_HEADER, depthOf } from './incoming/event-depth.ts';
export type {
  DeadLetter,
  Incoming,
  IncomingCommand,
  IncomingEvent,
  IncomingTask,
  Outcome,
  Poison,
} from './incoming/incoming.ts';
export { intake } from './incoming/intake.ts';
export { recordReader } from './incoming/record-reader.ts';
export { RECORD_BATCH } from './kafka/batches/batch-as-value.ts';
export { type Unreadable, unreadableOf } from './kafka/batches/fetched-message.ts';
export { KafkaClient } from './kafka/client.ts';
export { startConsumer } from './kafka/consumer/consumer.ts';
export { SESSION_MS } from './kafka/consumer/consumer-session.ts';
export { HandledOffsets } from './kafka/consumer/handled-offsets.ts';
export { OffsetCommitter } from './kafka/consumer/offset-committer.ts';
export { patchKafkajs } from './kafka/patches/patch-kafkajs.ts';
export { type OutgoingRecord, type Publisher, RecordRefused } from './kafka/producer.ts';
export type { KafkaRecord } from './kafka/record.ts';
export { type RecordSink, textOf } from './kafka/record.ts';
export { partitionOf } from './kafka/wire/murmur2.ts';
export { DEAD_LETTERS_POLL_MS } from './operations/dead-letters/replay-worker.ts';
export type { OutboxPosition, OutboxRecord } from './outbox/outbox-record.ts';
export { OUTBOX_TABLES } from './outbox/outbox-tables.ts';
export { OutboxPublisher, type Source } from './outbox/publisher.ts';
export { RefusedRecords } from './outbox/refused/refused-records.ts';
export type { RefusedRecord, RefusedRecordsTable } from './outbox/refused/refused-records-table.ts';
export { unobserved } from './outbox/relay/observer.ts';
export { SILENCE_MS, STAND_BY_MS } from './outbox/relay/relay.ts';
export type { Lsn } from './outbox/replication/lsn.ts';
export { send } from './outbox/send.ts';
export { type AnswerKind, answerKind } from './ports/json-answer.ts';
export { stepRefused } from './ports/step-port.ts';
export { ABANDONED_MS } from './postgres/connections.ts';
export { momentOf } from './postgres/record-time.ts';
export { short, storable } from './postgres/storable.ts';
export type { Environment } from './process/environment.ts';
export { FAILPOINTS, type Failpoint, failpoint } from './process/failpoint.ts';
export { Readiness } from './process/readiness.ts';
export { Passes } from './retention/passes.ts';
export type { Transactions } from './rules/database.ts';
export { isId, oneSpellingOf } from './rules/id-spelling.ts';
export { type CompensationLog, isEnded } from './rules/saga/log.ts';
export type { Answered as SagaAnswered } from './rules/saga/orchestrator.ts';
export { type AnyTable, defaultTableOf, type TableSource } from './service/default-table.ts';
export { projectionDatabases } from './service/projection-databases.ts';
export type {
  NewDeadLetter,
  OpenDeadLetter,
  Settlement,
  StoredDeadLetter,
} from './tables/dead-letters/dead-letters.ts';
export { keyHash, type TopicKey } from './tables/dead-letters/key-hash.ts';
export type { DeadRecord } from './tables/dead-letters/outbox.ts';
export { deadContent, REDUCED } from './tables/dead-letters/record.ts';
export { claimName, type KeptAnswer } from './tables/idempotency.ts';
export type { Received } from './tables/inbox.ts';
export type { OutboxRow } from './tables/outbox.ts';
export { type Store, sqlStore } from './tables/store.ts';
export { LEASE_MS, type NewTask, type TaskRow } from './tables/tasks.ts';
export type { CallAnswer } from './tasks/calls.ts';
export { TASKS_POLL_MS, TaskRunner } from './tasks/task-runner.ts';
export { createLog } from './telemetry/log.ts';

export { counter, histogram, level, measureProcess, metrics } from './telemetry/metrics.ts';
