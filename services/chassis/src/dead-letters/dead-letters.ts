import type { Incoming, IncomingEvent, Outcome, Poison } from '../incoming/incoming.ts';
import type { KafkaRecord } from '../kafka/record.ts';
import { databaseFailure } from '../postgres/database-failure.ts';
import type { Sql } from '../rules/database.ts';
import { Retryable } from '../rules/failure.ts';
import type { StoredDeadLetter } from '../tables/dead-letters/dead-letters.ts';
import { type Store, sqlStore } from '../tables/store.ts';

export interface Rehearsal {
  readonly id: string;
  readonly outcome: 'applied' | 'duplicate' | 'ignored' | 'dead' | 'parked';
  readonly reason?: string;
  readonly code?: string;
}

/** Handles messages that were set aside, through the same batch loop, inbox and unit of work as everything else. */
export interface DeadLetters {
  /**
   * Handles dead letters again, in the order in which they were set aside. What each came to is written in the transaction
   * of its effect: in `dead_letter` and in the item of the replay that it belongs to. Dead letters that are settled are left
   * alone. Resolves when all are committed; may be called again when it rejects.
   *
   * @throws what the database threw while the dead letters were looked up; later it is waited for.
   */
  replay(ids: readonly string[]): Promise<void>;
  /** What `replay` would come to now, in the same order; nothing is written. @throws what the database threw. */
  rehearse(ids: readonly string[]): Promise<readonly Rehearsal[]>;
  /**
   * Handles parked messages that nothing holds back any more, in order, until there are none. Returns how many; one that
   * fails is a dead letter from then on.
   * @throws what the database threw while they were looked up.
   */
  release(): Promise<number>;
}

export interface DeadLettersParts {
  readonly database: Sql;
  readonly store?: Store;
  /** As the batch loop decodes what comes from a topic: nothing for a type that the service does not hear. */
  decode(records: readonly KafkaRecord[]): Promise<readonly Incoming[]>;
  handleAgain(messages: readonly Incoming[]): Promise<readonly Outcome[]>;
  /** One transaction that is rolled back. */
  rehearse(messages: readonly Incoming[]): Promise<readonly Outcome[]>;
}

const TOGETHER = 500;

export function deadLetters(parts: DeadLettersParts): DeadLetters {
  const { database, store = sqlStore } = parts;
  return {
    async replay(ids) {
      for (const some of inPieces(ids)) {
        await parts.handleAgain(await messagesOf(await store.findOpen(database, some), parts));
      }
    },
    async rehearse(ids) {
      const rehearsals: Rehearsal[] = [];
      for (const some of inPieces(ids)) {
        const messages = await messagesOf(await store.findOpen(database, some), parts);
        const outcomes = await rehearsed(messages, parts);
        rehearsals.push(
          ...messages.map(({ deadLetter }, at) => rehearsal(deadLetter?.id ?? '', outcomes[at] as Outcome)),
        );
      }
      return rehearsals;
    },
    async release() {
      let handled = 0;
      for (;;) {
        const messages = await messagesOf(await store.findReleasable(database, TOGETHER), parts);
        const outcomes = await parts.handleAgain(messages);
        const moved = outcomes.filter(({ kind }) => kind !== 'parked').length;
        handled += moved;
        if (moved === 0) return handled;
      }
    },
  };
}

function* inPieces(ids: readonly string[]): Iterable<readonly string[]> {
  for (let at = 0; at < ids.length; at += TOGETHER) yield ids.slice(at, at + TOGETHER);
}

type FromDeadLetter = IncomingEvent | Poison;

async function messagesOf(
  stored: readonly StoredDeadLetter[],
  { decode }: DeadLettersParts,
): Promise<readonly FromDeadLetter[]> {
  const messages: FromDeadLetter[] = [];
  for (const { record, deadLetter } of stored) {
    const [message] = deadLetter.reduced === undefined ? await decode([record]) : [keptReduced(record)];
    messages.push({ ...(isFromTopic(message) ? message : notHeard(record)), deadLetter });
  }
  return messages;
}

const isFromTopic = (message: Incoming | undefined): message is FromDeadLetter =>
  message !== undefined && 'record' in message;

function notHeard(record: KafkaRecord): Poison {
  const type = record.headers.ce_type ?? 'a message without a type';
  return { kind: 'poison', record, code: 'NOT_HEARD', reason: `The service no longer hears ${type}: discard it.` };
}

function keptReduced(record: KafkaRecord): Poison {
  const place = `${record.topic}/${record.partition}@${record.offset}`;
  const reason = `Of this record its place and hashes alone could be kept: look at ${place} while the topic has it, and discard it here.`;
  return { kind: 'poison', record, code: 'KEPT_REDUCED', reason };
}

/** A message that the database refuses is found by halving; what came before it then counts as not done. */
async function rehearsed(messages: readonly FromDeadLetter[], parts: DeadLettersParts): Promise<readonly Outcome[]> {
  if (messages.length === 0) return [];
  try {
    return await parts.rehearse(messages);
  } catch (error) {
    const failure = databaseFailure(error);
    if (failure instanceof Retryable) throw failure;
    if (messages.length === 1) return [{ kind: 'dead', code: failure.code, reason: failure.message }];
    const half = Math.ceil(messages.length / 2);
    return [...(await rehearsed(messages.slice(0, half), parts)), ...(await rehearsed(messages.slice(half), parts))];
  }
}

function rehearsal(id: string, outcome: Outcome): Rehearsal {
  if (outcome.kind === 'answered' || outcome.kind === 'refused') {
    throw new Error(`A message from a topic cannot come to ${outcome.kind}.`);
  }
  const { kind, ...why } = outcome;
  return { id, outcome: kind, ...why };
}
