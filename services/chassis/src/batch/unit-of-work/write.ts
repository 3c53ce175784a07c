import { deadLetterArrivals, writeDeadLetters } from '../../dead-letters/dead-letter.ts';
import type { Incoming } from '../../incoming/incoming.ts';
import type { PendingTask } from '../../incoming/pending-task.ts';
import { realEnvironment } from '../../process/environment.ts';
import { failpoint } from '../../process/failpoint.ts';
import { type Sql, together } from '../../rules/database.ts';
import { sqlStore } from '../../tables/store.ts';
import type { Batch } from '../batch.ts';
import type { Settled } from './deduplicate.ts';
import type { UnitOfWorkParts } from './parts.ts';
import { taskOf } from './task-of.ts';

interface Written<Row, State, Tx extends Sql> {
  readonly incoming: readonly Incoming[];
  readonly outcomes: Settled;
  readonly batch: Batch<Row, State>;
  readonly parts: UnitOfWorkParts<Row, State, Tx>;
  /** Called in the turn in which the last statement is sent: COMMIT can travel with it. */
  commit(): void;
}

/** Writes what the rules decided: at most one statement for each kind of thing, whatever the size of the batch. */
export async function write<Row, State, Tx extends Sql>(
  tx: Tx,
  { incoming, outcomes, batch, parts, commit }: Written<Row, State, Tx>,
): Promise<void> {
  const { store = sqlStore, environment = realEnvironment, replayLimit } = parts;
  const { service } = parts.table;
  const gone = [...handledTasks(incoming, outcomes), ...batch.withdrawnTasks];
  const answers = newAnswers(incoming, outcomes);
  const unhandled = deadLetterArrivals(incoming, outcomes);
  const isAllAtOnce = unhandled.length === 0 && (batch.changed.size === 0 || parts.repository.savesAtOnce === true);
  await together(tx, [
    () => batch.changed.size > 0 && parts.repository.save(tx, batch.changed),
    () => failpoint('state-written'),
    () => batch.outbox.length > 0 && store.append(tx, `/troupe/${service}`, batch.outbox),
    () => gone.length > 0 && store.remove(tx, gone),
    () => batch.newTasks.length > 0 && store.schedule(tx, batch.newTasks),
    () => batch.ignoredEvents.size > 0 && store.recordIgnored(tx, batch.ignoredEvents),
    () => batch.acts.length > 0 && store.recordActs(tx, batch.acts),
    () => answers.length > 0 && store.keepAnswers(tx, answers),
    () => isAllAtOnce && commit(),
  ]);
  if (isAllAtOnce) return;
  if (unhandled.length > 0)
    await writeDeadLetters(tx, unhandled, { store, newId: environment.newId, service, replayLimit });
  commit();
}

/** A task whose rule threw keeps its row: it comes again when its lease has run out. */
function handledTasks(incoming: readonly Incoming[], outcomes: Settled): PendingTask[] {
  return incoming.flatMap((message, at) => {
    const outcome = outcomes[at];
    const isHandled =
      outcome?.kind === 'applied' ||
      outcome?.kind === 'ignored' ||
      (outcome?.kind === 'answered' && outcome.replayed === undefined);
    return isHandled ? taskOf(message) : [];
  });
}

function newAnswers(incoming: readonly Incoming[], outcomes: Settled) {
  return incoming.flatMap((message, at) => {
    const outcome = outcomes[at];
    const isNew = outcome?.kind === 'answered' && !outcome.replayed;
    return message.kind === 'command' && message.claim && isNew
      ? [{ claim: message.claim, answer: outcome.answer }]
      : [];
  });
}
