import type { Incoming, Reactable } from '../../incoming/incoming.ts';
import { type Sql, together } from '../../rules/database.ts';
import { Terminal } from '../../rules/failure.ts';
import { claimName, type KeptAnswer } from '../../tables/idempotency.ts';
import type { Received } from '../../tables/inbox.ts';
import { sqlStore } from '../../tables/store.ts';
import type { UnitOfWorkParts } from './parts.ts';
import { taskOf } from './task-of.ts';

export interface Begun<Row> {
  /** Absent when the batch brings no event. */
  readonly inbox: Received | undefined;
  /** The ids of the tasks that still count. Absent when the batch brings none. */
  readonly pending: ReadonlySet<string> | undefined;
  /** The answers that were given before, by claim. Absent when no command has an idempotency key. */
  readonly answers: ReadonlyMap<string, KeptAnswer> | undefined;
  readonly rows: ReadonlyMap<string, Row>;
}

/**
 * Locks the keys of the batch, sorted, then enters its events into the inbox and reads its tasks, kept answers and rows. The
 * statements travel together. The rows are read behind the locks, so they are the latest.
 */
export async function begin<Row, State, Tx extends Sql>(
  tx: Tx,
  incoming: readonly Incoming[],
  { table, repository, store = sqlStore }: UnitOfWorkParts<Row, State, Tx>,
): Promise<Begun<Row>> {
  const reactable = incoming.filter((message): message is Reactable => message.kind !== 'poison');
  const events = reactable.filter((message) => message.kind === 'event');
  const tasks = reactable.flatMap(taskOf);
  const claims = reactable.flatMap((message) => (message.kind === 'command' && message.claim ? [message.claim] : []));
  const asked = new Set(reactable.flatMap(table.aggregate.keysOf));
  const keys = [...asked];
  const [, inbox, pending, answers, rows] = await together(tx, [
    () => store.lockKeys(tx, [...keys, ...claims.map(claimName)]),
    () => (events.length === 0 ? undefined : store.receive(tx, events)),
    () => (tasks.length === 0 ? undefined : store.stillPending(tx, tasks)),
    () => (claims.length === 0 ? undefined : store.findAnswers(tx, claims)),
    () => (keys.length === 0 ? new Map<string, Row>() : repository.load(tx, keys)),
  ]);
  requireAsked(rows, asked);
  return { inbox, pending, answers, rows };
}

/**
 * A column of ids finds a row under each spelling of its key, a rule only under the one that it asked for. It would
 * take the row for missing and begin anew. Should another spelling come in, nothing takes effect.
 */
function requireAsked(rows: ReadonlyMap<string, unknown>, asked: ReadonlySet<string>): void {
  for (const key of rows.keys()) {
    if (!asked.has(key))
      throw new Terminal('KEY_SPELLING', `The row ${key} was asked for under another spelling of its key.`);
  }
}
