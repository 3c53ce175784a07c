import type { ParkedKeys } from '../../dead-letters/parked-keys.ts';
import type { Incoming, Outcome } from '../../incoming/incoming.ts';
import { realEnvironment } from '../../process/environment.ts';
import type { Sql } from '../../rules/database.ts';
import { Batch } from '../batch.ts';
import type { Begun } from './begin.ts';
import { answeredMeanwhile, type Settled } from './deduplicate.ts';
import { park } from './park.ts';
import type { UnitOfWorkParts } from './parts.ts';
import { taskOf } from './task-of.ts';

/** Runs the rules of the messages that are not settled, in order and in memory; settles each. */
export function react<Row, State, Tx extends Sql>(
  incoming: readonly Incoming[],
  { outcomes, parked, rows }: { readonly outcomes: Settled; readonly parked: ParkedKeys } & Pick<Begun<Row>, 'rows'>,
  { table, encode, callCapacity, eventDepthLimit, environment = realEnvironment }: UnitOfWorkParts<Row, State, Tx>,
): Batch<Row, State> {
  const batch = new Batch(
    {
      table,
      encode,
      now: environment.now(),
      newId: environment.newId,
      callCapacity: callCapacity(),
      eventDepthLimit,
    },
    rows,
  );
  const taken = new Set<string>();
  for (const [at, message] of incoming.entries()) {
    const outcome =
      outcomes[at] ?? park(message, parked, taken) ?? overtaken(message, batch) ?? handled(message, batch);
    const isUnhandled = outcome.kind === 'dead' || outcome.kind === 'parked';
    if (message.kind === 'event' && !isUnhandled) taken.add(message.id);
    if ('record' in message) parked.note(message, outcome);
    outcomes[at] = outcome;
  }
  return batch;
}

/** What keeps a task from its rule: an earlier message of the batch has set it anew or taken it back. */
function overtaken<Row, State>(message: Incoming, batch: Batch<Row, State>): Outcome | undefined {
  const [task] = taskOf(message);
  if (task === undefined || !batch.hasReplaced(task)) return undefined;
  return message.kind === 'command' ? answeredMeanwhile(task) : { kind: 'duplicate' };
}

function handled<Row, State>(message: Incoming, batch: Batch<Row, State>): Outcome {
  if (message.kind !== 'poison') return batch.react(message);
  return { kind: 'dead', code: message.code, reason: message.reason };
}
