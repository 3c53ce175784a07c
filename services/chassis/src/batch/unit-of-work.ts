import type { DomainEvent } from '@troupe/schemas';
import { deadLetter, deadLetterArrivals, EVENT_ID_REUSED } from '../dead-letters/dead-letter.ts';
import { ParkedKeys, topicKeyOf } from '../dead-letters/parked-keys.ts';
import type { Incoming, Outcome } from '../incoming/incoming.ts';
import { type Environment, realEnvironment } from '../process/environment.ts';
import { failpoint } from '../process/failpoint.ts';
import type { Repository } from '../rules/aggregate.ts';
import { type Sql, type Transactions, together } from '../rules/database.ts';
import { Terminal } from '../rules/failure.ts';
import type { ReactionTable } from '../rules/reactions.ts';
import { callNotWaiting } from '../tables/ending.ts';
import { claimName, replayed } from '../tables/idempotency.ts';
import { type Store, sqlStore } from '../tables/store.ts';
import type { NewTask, PendingTask } from '../tables/tasks.ts';
import type { CallCapacity } from '../tasks/calls.ts';
import { Batch, type Reactable } from './batch.ts';
import { startBatchSpan } from './span.ts';

export interface UnitOfWorkParts<Row, State, Tx extends Sql> {
  readonly database: Transactions<Tx>;
  readonly table: ReactionTable<Row, State>;
  readonly repository: Repository<Row, Tx>;
  encode(event: DomainEvent): Buffer;
  /** The places in which this process can start new calls at once. */
  callCapacity(): CallCapacity;
  /** How often a dead letter may be handled again before it is quarantined. */
  readonly replayLimit: number;
  /** Default: PostgreSQL. */
  readonly store?: Store;
  /** Default: the real ones. */
  readonly environment?: Environment;
}

/** What was committed. */
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
 * Handles a batch in one transaction: all its effects are committed, or none. Duplicates drop out by inbox or task row;
 * the keys of the rest are locked first, so that every rule sees the latest state; new states, events, calls and timers
 * are written together. The number of statements does not depend on the size of the batch.
 *
 * Throws what the database threw: the transaction is rolled back, and the same batch may be given again.
 */
export async function unitOfWork<Row, State, Tx extends Sql>(
  incoming: readonly Incoming[],
  parts: UnitOfWorkParts<Row, State, Tx>,
): Promise<Committed<Row>> {
  const shared = startBatchSpan(incoming.length);
  try {
    const { batch, outcomes } = await parts.database.$transaction(async (tx) => {
      return await handle(tx, incoming, parts, () => {
        failpoint('before-commit');
        tx.complete?.();
      });
    }, TRANSACTION);
    failpoint('after-commit');
    for (const span of batch.spans) shared.addLink({ context: span.spanContext() });
    for (const span of batch.ownSpans) span.end();
    return {
      outcomes,
      changed: batch.changed,
      newTasks: batch.newTasks,
    };
  } finally {
    shared.end();
  }
}

/**
 * What `unitOfWork` would come to, by running it and rolling it back.
 * @throws what the database threw.
 */
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

/** Rolls a rehearsal back. */
class Rehearsed extends Error {
  readonly outcomes: readonly Outcome[];
  constructor(outcomes: readonly Outcome[]) {
    super('a rehearsal is always rolled back');
    this.outcomes = outcomes;
  }
}

/** @param complete called when the last statement is sent. */
async function handle<Row, State, Tx extends Sql>(
  tx: Tx,
  incoming: readonly Incoming[],
  parts: UnitOfWorkParts<Row, State, Tx>,
  complete: () => void,
): Promise<{ batch: Batch<Row, State>; outcomes: Outcome[] }> {
  const found = await sorted(tx, incoming, parts);
  const batch = reacted(incoming, found, parts);
  const outcomes = found.outcomes as Outcome[];
  await write(tx, { incoming, outcomes, batch, parts, complete });
  return { batch, outcomes };
}

type Settled = (Outcome | undefined)[];

interface Sorted<Row> {
  readonly outcomes: Settled;
  readonly held: ParkedKeys;
  readonly rows: ReadonlyMap<string, Row>;
}

/**
 * Locks the keys of the batch, loads its rows, and finds the outcome of every message that no rule needs to see (again).
 * The rows are read by a statement behind that of the locks, and so are the latest.
 */
async function sorted<Row, State, Tx extends Sql>(
  tx: Tx,
  incoming: readonly Incoming[],
  { table, repository, store = sqlStore }: UnitOfWorkParts<Row, State, Tx>,
): Promise<Sorted<Row>> {
  const reactable = incoming.filter(isReactable);
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
  const held = await parkedKeys(tx, incoming, { store, hasLetters: inbox?.hasLetters === true });

  const seen = new Set<string>();
  const first = (id: string): boolean => !seen.has(id) && seen.add(id) !== undefined;
  const outcomes = incoming.map((message): Outcome | undefined => {
    switch (message.kind) {
      case 'poison':
        return undefined;
      case 'event':
        if (inbox?.imposters.has(message.id)) return imposter(message.id);
        return inbox?.fresh.has(message.id) ? undefined : { kind: 'duplicate' };
      case 'call':
      case 'timer':
        return pending?.has(message.id) && first(message.id) ? undefined : { kind: 'duplicate' };
      case 'command': {
        const kept = message.claim && answers?.get(claimName(message.claim));
        if (kept && message.claim) return replayed(kept, message.claim);
        const { ends } = message;
        return ends === undefined || (pending?.has(ends.id) && first(ends.id)) ? undefined : answeredMeanwhile(ends);
      }
      default:
        return message satisfies never;
    }
  });
  return { outcomes, held, rows };
}

/**
 * A column of ids finds a row for each spelling of its key, a rule only for the one that it asked for: it would take the row for
 * missing and begin anew. No door lets another spelling in; should one do so all the same, nothing takes effect.
 */
function requireAsked(rows: ReadonlyMap<string, unknown>, asked: ReadonlySet<string>): void {
  for (const key of rows.keys()) {
    if (!asked.has(key))
      throw new Terminal('KEY_SPELLING', `The row ${key} was asked for under another spelling of its key.`);
  }
}

/** What holds the topics and keys of a batch back. Costs a statement only when this service has dead letters at all. */
async function parkedKeys(
  tx: Sql,
  incoming: readonly Incoming[],
  { store, hasLetters }: { readonly store: Store; readonly hasLetters: boolean },
): Promise<ParkedKeys> {
  const records = incoming.flatMap((message) => ('record' in message ? [message] : []));
  const wanted = hasLetters || records.some(({ letter }) => letter !== undefined);
  if (!wanted) return new ParkedKeys([]);
  return new ParkedKeys(
    await store.openLetters(
      tx,
      records.flatMap((message) => topicKeyOf(message) ?? []),
    ),
  );
}

/** Runs the rules of the messages that are not settled, in order. */
function reacted<Row, State, Tx extends Sql>(
  incoming: readonly Incoming[],
  { outcomes, held, rows }: Sorted<Row>,
  { table, encode, callCapacity, environment = realEnvironment }: UnitOfWorkParts<Row, State, Tx>,
): Batch<Row, State> {
  const batch = new Batch(
    { table, encode, now: environment.now(), newId: environment.newId, callCapacity: callCapacity() },
    rows,
  );
  const taken = new Set<string>();
  for (const [at, message] of incoming.entries()) {
    const outcome =
      outcomes[at] ?? heldBack(message, held, taken) ?? overtaken(message, batch) ?? handled(message, batch);
    if (message.kind === 'event' && !isAside(outcome)) taken.add(message.id);
    if ('record' in message) held.note(message, outcome);
    outcomes[at] = outcome;
  }
  return batch;
}

/**
 * What keeps a message from its rule: another copy of it in this batch that was handled, or one before it that was set aside.
 * The copy of one that died waits behind it like any other: a copy that counted as handled would keep the id in the inbox, and
 * the dead letter would never be handled again.
 */
function heldBack(message: Incoming, held: ParkedKeys, taken: ReadonlySet<string>): Outcome | undefined {
  if (!('record' in message)) return undefined;
  if (!held.awaits(message)) return { kind: 'duplicate' };
  if (message.kind === 'event' && taken.has(message.id)) return { kind: 'duplicate' };
  const waits = message.kind === 'event' || message.letter !== undefined;
  return waits && held.holds(message) ? { kind: 'parked' } : undefined;
}

/** What keeps a task from its rule: it is not the one that counts any more. A clock that was set anew has not gone off. */
function overtaken<Row, State>(message: Incoming, batch: Batch<Row, State>): Outcome | undefined {
  const [task] = isReactable(message) ? taskOf(message) : [];
  if (task === undefined || !batch.hasReplaced(task)) return undefined;
  return message.kind === 'command' ? answeredMeanwhile(task) : { kind: 'duplicate' };
}

function handled<Row, State>(message: Incoming, batch: Batch<Row, State>): Outcome {
  if (message.kind !== 'poison') return batch.react(message);
  return { kind: 'dead', code: message.code, reason: message.reason };
}

interface Written<Row, State, Tx extends Sql> {
  readonly incoming: readonly Incoming[];
  readonly outcomes: Settled;
  readonly batch: Batch<Row, State>;
  readonly parts: UnitOfWorkParts<Row, State, Tx>;
  complete(): void;
}

/** Writes what the rules decided: at most one statement for each kind of thing. */
async function write<Row, State, Tx extends Sql>(
  tx: Tx,
  { incoming, outcomes, batch, parts, complete }: Written<Row, State, Tx>,
) {
  const { store = sqlStore, environment = realEnvironment, replayLimit } = parts;
  const { service } = parts.table;
  const gone = [...handledTasks(incoming, outcomes), ...batch.withdrawnTasks];
  const answers = newAnswers(incoming, outcomes);
  const aside = deadLetterArrivals(incoming, outcomes);
  const isAllAtOnce = aside.length === 0 && (batch.changed.size === 0 || parts.repository.savesAtOnce === true);
  await together(tx, [
    () => batch.changed.size > 0 && parts.repository.save(tx, batch.changed),
    () => failpoint('state-written'),
    () => batch.outbox.length > 0 && store.append(tx, `/troupe/${service}`, batch.outbox),
    () => gone.length > 0 && store.remove(tx, gone),
    () => batch.newTasks.length > 0 && store.schedule(tx, batch.newTasks),
    () => batch.ignoredEvents.size > 0 && store.recordIgnored(tx, batch.ignoredEvents),
    () => batch.acts.length > 0 && store.recordActs(tx, batch.acts),
    () => answers.length > 0 && store.keepAnswers(tx, answers),
    () => isAllAtOnce && complete(),
  ]);
  if (isAllAtOnce) return;
  if (aside.length > 0) await deadLetter(tx, aside, { store, newId: environment.newId, service, replayLimit });
  complete();
}

/** A task whose rule threw keeps its row: it comes again when its lease has run out. */
function handledTasks(incoming: readonly Incoming[], outcomes: Settled): PendingTask[] {
  return incoming.flatMap((message, at) => {
    const outcome = outcomes[at];
    const isHandled =
      outcome?.kind === 'applied' ||
      outcome?.kind === 'ignored' ||
      (outcome?.kind === 'answered' && outcome.replayed === undefined);
    return isHandled && isReactable(message) ? taskOf(message) : [];
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

function imposter(id: string): Outcome {
  const reason = `The event id ${id} was handled before with other bytes: two different facts claim to be one. Find the producer that reuses ids.`;
  return { kind: 'dead', code: EVENT_ID_REUSED, reason };
}

const isAside = ({ kind }: Outcome): boolean => kind === 'dead' || kind === 'parked';
const isReactable = (message: Incoming): message is Reactable => message.kind !== 'poison';

/** The row that a message removes when it is handled: of the answer of a call, a timer, or the end of a call by hand. */
function taskOf(message: Reactable): readonly PendingTask[] {
  switch (message.kind) {
    case 'call':
    case 'timer':
      return [{ name: message.type, key: message.key, id: message.id }];
    case 'command':
      return message.ends === undefined ? [] : [message.ends];
    case 'event':
      return [];
    default:
      return message satisfies never;
  }
}

const answeredMeanwhile = ({ name, key }: PendingTask): Outcome => ({
  ...{ kind: 'refused', error: callNotWaiting({ call: name, key }) },
});
