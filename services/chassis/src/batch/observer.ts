import type { Logger } from 'pino';
import type { Incoming, Outcome } from '../incoming/incoming.ts';
import type { Readiness } from '../process/readiness.ts';
import type { Retryable, Terminal } from '../rules/failure.ts';
import type { NewTask } from '../tables/tasks.ts';
import { logField } from '../telemetry/log.ts';
import { counter, histogram } from '../telemetry/metrics.ts';
import type { RowChanges } from './changes.ts';
import type { Committed } from './unit-of-work/unit-of-work.ts';

const settled = counter({
  name: 'troupe_messages_total',
  help: 'Messages settled, by kind, name and outcome.',
  labels: ['kind', 'type', 'outcome'],
});
const batches = histogram({
  name: 'troupe_batch_messages',
  help: 'Messages that shared a transaction.',
  buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
});
const transactions = histogram({
  name: 'troupe_transaction_seconds',
  help: 'From the begin of a batch to its commit.',
  buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5],
});

export interface BatchLoopObserver<Row = unknown> {
  committed(messages: readonly Incoming[], committed: Committed<Row>, ms: number): void;
  waiting(failure: Retryable, attempt: number): void;
  /** All that waited was sent away. Whether the database is back shows with the next batch, or the next look at tasks. */
  nothingWaits(): void;
  failed(message: Incoming, failure: Terminal): void;
}

interface ObserverParts<Row> {
  readonly changes: RowChanges<Row>;
  readonly readiness: Readiness;
  readonly log: Logger;
  /** What the table's events call the id of their saga. */
  readonly sagaField: string;
  start(tasks: readonly NewTask[]): void;
}

/** Spreads the news of each commit: to waiters, the task runner, log, metrics and readiness. */
export function batchLoopObserver<Row>({
  changes,
  readiness,
  log,
  sagaField,
  start,
}: ObserverParts<Row>): BatchLoopObserver<Row> {
  const about = aboutMessage(logField(sagaField));
  return {
    committed(messages, { outcomes, changed, newTasks }, ms) {
      readiness.ok('database');
      changes.committed(changed);
      start(newTasks);
      batches.observe(messages.length);
      transactions.observe(ms / 1000);
      for (const [at, message] of messages.entries()) note({ log, about }, message, outcomes[at] as Outcome);
    },
    waiting(failure, attempt) {
      readiness.notOk('database', `The database does not take the batch (${failure.code}); waiting and trying again.`);
      log.warn({ code: failure.code, attempt, err: failure }, 'the database does not take the batch; trying again');
    },
    nothingWaits() {
      readiness.ok('database');
    },
    failed(message, failure) {
      log.error({ ...about(message), code: failure.code, err: failure }, 'a message cannot be handled');
    },
  };
}

interface Notes {
  readonly log: Logger;
  readonly about: ReturnType<typeof aboutMessage>;
}

function note({ log, about }: Notes, message: Incoming, outcome: Outcome): void {
  const type = message.kind === 'poison' ? 'poison' : message.type;
  settled.inc({ kind: message.kind, type, outcome: outcome.kind });
  if (outcome.kind === 'dead') {
    log.error({ ...about(message), code: outcome.code }, `set aside: ${outcome.reason}`);
  } else if (outcome.kind === 'parked') {
    log.warn(about(message), 'parked behind an earlier message of its topic and key that was set aside');
  } else if (outcome.kind === 'ignored') {
    log.info({ ...about(message), reason: outcome.reason }, 'ignored');
  } else if (outcome.kind === 'duplicate') {
    log.info(about(message), 'duplicate');
  } else if (log.isLevelEnabled('debug')) {
    log.debug({ ...about(message), outcome: outcome.kind }, 'handled');
  }
}

/** Where a message is found again: its saga, or where its record is. */
function aboutMessage(sagaField: string) {
  return (message: Incoming): Record<string, unknown> => {
    if (message.kind === 'poison') {
      const { topic, partition, offset } = message.record;
      return { topic, partition, offset };
    }
    return { message: message.type, [sagaField]: message.correlationId };
  };
}
