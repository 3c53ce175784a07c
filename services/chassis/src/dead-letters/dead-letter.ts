import type { DeadLetter, Incoming, IncomingEvent, Outcome, Poison } from '../incoming/incoming.ts';
import type { Sql } from '../rules/database.ts';
import type { NewDeadLetter, Settlement } from '../tables/dead-letters/dead-letters.ts';
import type { DeadRecord } from '../tables/dead-letters/outbox.ts';
import type { Store } from '../tables/store.ts';

export interface Arrival {
  readonly message: IncomingEvent | Poison;
  readonly outcome: Outcome;
}

interface Keeping {
  readonly store: Store;
  newId(): string;
  readonly service: string;
  /** A dead letter that came back this often is quarantined: filters no longer choose it. */
  readonly replayLimit: number;
}

/** The code of an event whose id was used before: the id in the inbox is that of the other one. */
export const EVENT_ID_REUSED = 'EVENT_ID_REUSED';

/** The messages of a batch that were set aside, or come from there. */
export function deadLetterArrivals(
  incoming: readonly Incoming[],
  outcomes: readonly (Outcome | undefined)[],
): Arrival[] {
  return incoming.flatMap((message, at) => {
    const outcome = outcomes[at];
    if (outcome === undefined || !('record' in message)) return [];
    const isDeadLetter = message.deadLetter !== undefined || outcome.kind === 'dead' || outcome.kind === 'parked';
    return isDeadLetter ? [{ message, outcome }] : [];
  });
}

/**
 * Writes what was set aside and what came back, in the transaction that goes on without them: to `dead_letter`, and what
 * failed also to the outbox of the dead-letter topic. Their ids leave the inbox, so that they can be handled later. A
 * constant number of statements.
 */
export async function writeDeadLetters(tx: Sql, arrivals: readonly Arrival[], keeping: Keeping): Promise<void> {
  const unhandled = arrivals.filter(({ outcome }) => isUnhandled(outcome));
  const handled = new Set(arrivals.flatMap(({ message, outcome }) => (isUnhandled(outcome) ? [] : [idOf(message)])));
  const received = unhandled.flatMap(({ message, outcome }) => (isInInbox(message, outcome) ? [message.id] : []));
  // Another copy of a message that waits may have been handled in this very batch: its dead letter.
  const forgotten = received.filter((id) => !handled.has(id));
  if (forgotten.length > 0) await keeping.store.forget(tx, forgotten);

  const fresh = unhandled
    .filter(({ message }) => message.deadLetter === undefined)
    .map((arrival) => newDeadLetter(arrival, keeping.newId()));
  const known = fresh.length === 0 ? new Set<string>() : await keeping.store.addDeadLetters(tx, fresh);
  const died = fresh.filter(({ id, failure }) => failure !== undefined && known.has(id)).map(firstFailure);
  const again = arrivals.flatMap(({ message, outcome }) => failedAgain(message, outcome));
  if (died.length + again.length > 0) await keeping.store.publishDeadLetters(tx, keeping.service, [...died, ...again]);

  const settlements = arrivals.flatMap(({ message, outcome }) => settlement(message, outcome, keeping.replayLimit));
  if (settlements.length > 0) await keeping.store.settle(tx, settlements);
}

const idOf = (message: IncomingEvent | Poison) => (message.kind === 'event' ? message.id : undefined);
const isUnhandled = ({ kind }: Outcome): boolean => kind === 'dead' || kind === 'parked';

function isInInbox(message: IncomingEvent | Poison, outcome: Outcome): message is IncomingEvent {
  return message.kind === 'event' && !(outcome.kind === 'dead' && outcome.code === EVENT_ID_REUSED);
}

function newDeadLetter({ message, outcome }: Arrival, id: string): NewDeadLetter {
  const failure = outcome.kind === 'dead' ? { code: outcome.code, reason: outcome.reason } : undefined;
  const because = reducedBecause(message);
  return { id, record: message.record, failure, ...(because !== undefined && { reducedBecause: because }) };
}

const reducedBecause = (message: IncomingEvent | Poison): string | undefined =>
  message.kind === 'poison' ? (message.reducedBecause ?? message.deadLetter?.reduced?.because) : undefined;

function firstFailure({ record, failure, reducedBecause }: NewDeadLetter): DeadRecord {
  const why = failure as NonNullable<NewDeadLetter['failure']>;
  return { record, ...why, attempts: 1, replays: 0, ...(reducedBecause !== undefined && { isReduced: true }) };
}

function failedAgain(message: IncomingEvent | Poison, outcome: Outcome): DeadRecord[] {
  const { record, deadLetter } = message;
  if (deadLetter === undefined || outcome.kind !== 'dead') return [];
  const replays = replaysAfter(deadLetter);
  const reduced = reducedBecause(message) !== undefined && { isReduced: true };
  return [{ record, code: outcome.code, reason: outcome.reason, attempts: replays + 1, replays, ...reduced }];
}

/** A parked message that is let go is handled for the first time: that is no replay. */
const replaysAfter = ({ status, replays }: DeadLetter): number => (status === 'PARKED' ? 0 : replays + 1);

function settlement({ deadLetter }: IncomingEvent | Poison, outcome: Outcome, replayLimit: number): Settlement[] {
  if (deadLetter === undefined) return [];
  const { id, status, replays } = deadLetter;
  const after = replaysAfter(deadLetter);
  const handled = { id, status: 'HANDLED', code: null, replays: after } as const;
  switch (outcome.kind) {
    case 'applied':
    case 'duplicate':
      return [{ ...handled, outcome: outcome.kind, reason: null }];
    case 'ignored':
      return [{ ...handled, outcome: 'ignored', reason: outcome.reason }];
    case 'parked':
      return [{ id, status, outcome: 'parked', reason: null, code: null, replays }];
    case 'dead': {
      const { code, reason } = outcome;
      const failed = after >= replayLimit ? 'QUARANTINED' : 'DEAD';
      return [{ id, status: failed, outcome: 'dead', reason, code, replays: after }];
    }
    default:
      return [];
  }
}
