import type { Incoming, Outcome } from '../../incoming/incoming.ts';
import { failpoint } from '../../process/failpoint.ts';
import type { Sql } from '../../rules/database.ts';
import { sqlStore } from '../../tables/store.ts';
import type { NewTask } from '../../tables/tasks.ts';
import type { Batch } from '../batch.ts';
import { startBatchSpan } from '../span.ts';
import { begin } from './begin.ts';
import { deduplicate } from './deduplicate.ts';
import { parkedKeysOf } from './park.ts';
import type { UnitOfWorkParts } from './parts.ts';
import { react } from './react.ts';
import { write } from './write.ts';

export interface Committed<Row = unknown> {
  /** By position in the batch. */
  readonly outcomes: readonly Outcome[];
  /** The rows as they are now, by key. */
  readonly changed: ReadonlyMap<string, Row>;
  readonly newTasks: readonly NewTask[];
}

/** Prisma would end a transaction after 5 s; a batch that waits for a lock or a busy disk may take longer. */
const TRANSACTION = { maxWait: 10_000, timeout: 60_000 };

/**
 * Handles a batch in one transaction: all its effects are committed, or none. Duplicates drop out by inbox or task row.
 * The keys of the rest are locked first, so that every rule sees the latest state. New states, events, calls and timers are
 * written together. The number of statements does not depend on the size of the batch.
 *
 * Throws what the database threw: the transaction is rolled back, and the same batch may be given again.
 */
export async function unitOfWork<Row, State, Tx extends Sql>(
  incoming: readonly Incoming[],
  parts: UnitOfWorkParts<Row, State, Tx>,
): Promise<Committed<Row>> {
  const span = startBatchSpan(incoming.length);
  try {
    // Begins here, and commits when the work inside resolves.
    const { batch, outcomes } = await parts.database.$transaction((tx) => {
      const commit = () => {
        failpoint('before-commit');
        tx.complete?.();
      };
      return handle(tx, incoming, parts, commit);
    }, TRANSACTION);
    failpoint('after-commit');
    for (const own of batch.spans) span.addLink({ context: own.spanContext() });
    for (const own of batch.ownSpans) own.end();
    return { outcomes, changed: batch.changed, newTasks: batch.newTasks };
  } finally {
    span.end();
  }
}

/** What `unitOfWork` would come to: runs it and rolls it back. @throws what the database threw. */
export async function rehearse<Row, State, Tx extends Sql>(
  incoming: readonly Incoming[],
  parts: UnitOfWorkParts<Row, State, Tx>,
): Promise<readonly Outcome[]> {
  try {
    return await parts.database.$transaction(async (tx) => {
      const { outcomes } = await handle(tx, incoming, parts, () => undefined);
      throw new Rehearsed(outcomes);
    }, TRANSACTION);
  } catch (error) {
    if (error instanceof Rehearsed) return error.outcomes;
    throw error;
  }
}

class Rehearsed extends Error {
  readonly outcomes: readonly Outcome[];
  constructor(outcomes: readonly Outcome[]) {
    super('a rehearsal is always rolled back');
    this.outcomes = outcomes;
  }
}

interface Handled<Row, State> {
  readonly batch: Batch<Row, State>;
  readonly outcomes: readonly Outcome[];
}

/** The work inside the transaction, step by step: a file each. */
async function handle<Row, State, Tx extends Sql>(
  tx: Tx,
  incoming: readonly Incoming[],
  parts: UnitOfWorkParts<Row, State, Tx>,
  commit: () => void,
): Promise<Handled<Row, State>> {
  const { store = sqlStore } = parts;
  const begun = await begin(tx, incoming, parts);
  const outcomes = deduplicate(incoming, begun);
  const parked = await parkedKeysOf(tx, incoming, { store, hasDeadLetters: begun.inbox?.hasDeadLetters === true });
  const batch = react(incoming, { outcomes, parked, rows: begun.rows }, parts);
  await write(tx, { incoming, outcomes, batch, parts, commit });
  return { batch, outcomes: outcomes as Outcome[] };
}
