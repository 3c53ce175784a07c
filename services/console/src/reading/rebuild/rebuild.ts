import { setTimeout as sleep } from 'node:timers/promises';
import type { Log, Sql } from '@troupe/chassis';
import {
  type KafkaClient,
  type Readiness,
  RecordBatches,
  startConsumer,
  type Transactions,
} from '@troupe/chassis/internal';
import type { Choreography } from '@troupe/choreography/graph';
import {
  claimRebuild,
  endRebuild,
  projectionState,
  type RebuildClaim,
  SILENT_S,
  tellRebuild,
} from '../../store/projection-state.ts';
import {
  dropShadow,
  inShadow,
  makeShadow,
  PROJECTED,
  type Reached,
  SHADOW,
  swapIn,
  takeOver,
} from '../../store/shadow-tables.ts';
import { type ProjectingParts, projecting, projectRows, type Summarize, summarizeSagas } from '../project.ts';
import { reducedRecord } from '../record-of.ts';
import { CountedTransactions } from './counted-transactions.ts';
import { endsOf, forgetGroups, type PartitionEnd, progressOf, reachedBy } from './topic-ends.ts';

export interface RebuildParts {
  /** For statements outside of a transaction. */
  readonly database: Sql;
  readonly transactions: Transactions;
  readonly kafka: KafkaClient;
  readonly readiness: Readiness;
  /** As the broker has them. */
  readonly topics: readonly string[];
  /** The console's consumer group. The rebuild reads as one of its own, whose name begins so. */
  readonly groupId: string;
  readonly choreography: Choreography;
  readonly summarize: Summarize;
  read: ProjectingParts['read'];
  readonly log: Log;
  /** Aborted: everything is left as it was. */
  readonly signal: AbortSignal;
  progress(records: { readonly done: bigint; readonly of: bigint }): void;
}

export interface Rebuilt {
  readonly records: bigint;
  /** Transactions, and the statements in them. */
  readonly batches: number;
  readonly statements: number;
}

const LOOK_MS = 500;
const SWAP_TRIES = 20;

/** Another rebuild is under way. */
export class RebuildUnderWay extends Error {
  override readonly name = 'RebuildUnderWay';
  constructor(done: number, of: number) {
    super(
      `A rebuild is under way: ${done} of ${of} records are read. Wait for it; one that was killed is noticed after ${SILENT_S} s.`,
    );
  }
}

/**
 * Makes the projection anew from the beginning of the topics, in tables beside the ones that are shown, and puts them in
 * their place in one transaction: nobody ever sees half of it. The console goes on meanwhile. What it has read beyond the
 * rebuild is taken over; what it has not read yet it reads later, to no effect.
 *
 * It writes to no topic and to no other database. Of consumer groups it has one of its own, which it forgets at the end.
 * Killed at any moment, it leaves the projection as it was, and can be run again.
 * @throws RebuildUnderWay, RebuildLost; what the database or the brokers threw
 */
export async function rebuild(parts: RebuildParts): Promise<Rebuilt> {
  const { database, signal } = parts;
  const claim = await claimed(parts);
  try {
    await makeShadow(database);
    const ends = await endsOf(parts.kafka, parts.topics);
    const { reached, batches, statements } = await readAgain(parts, ends, claim);
    signal.throwIfAborted();
    for (const table of PROJECTED) await database.$executeRawUnsafe(`VACUUM (ANALYZE) ${SHADOW}.${table}`);
    await swap(parts, reached, claim);
    return { records: progressOf(ends, reached).done, batches, statements };
  } catch (error) {
    await givenUp(parts, claim);
    throw error;
  } finally {
    await forgetGroups(parts.kafka, groupsOf(parts)).catch((error: unknown) =>
      parts.log.warn(
        { err: error },
        'the consumer group of the rebuild is left; the broker forgets it after some days',
      ),
    );
  }
}

const groupsOf = ({ groupId }: RebuildParts): string => `${groupId}.rebuild.`;

/** Whether a rebuild that says nothing was killed shows only with time. */
async function claimed({ database, signal }: RebuildParts): Promise<RebuildClaim> {
  const before = await projectionState(database);
  for (;;) {
    const claim = await claimRebuild(database);
    if (claim !== undefined) return claim;
    const { rebuild: other } = await projectionState(database);
    if (other !== null && other.seenAt !== before.rebuild?.seenAt) throw new RebuildUnderWay(other.done, other.of);
    await sleep(LOOK_MS, undefined, { signal });
  }
}

/** Resolves when everything that there was at the beginning is in the tables, with how far they go. */
async function readAgain(
  parts: RebuildParts,
  ends: readonly PartitionEnd[],
  claim: RebuildClaim,
): Promise<Omit<Rebuilt, 'records'> & { readonly reached: readonly Reached[] }> {
  const { kafka, log, readiness, topics, signal, database } = parts;
  const groupId = `${groupsOf(parts)}${claim}`;
  const counted = new CountedTransactions(shadowed(parts.transactions));
  const projection: ProjectingParts = { ...parts, transactions: counted, changed: () => undefined };
  const batches = new RecordBatches({
    project: projecting(projection),
    projectReduced: (record, failure) => projectRows(projection, [reducedRecord(record, failure)]),
    readiness,
    log,
  });
  const consumer = startConsumer({ kafka, groupId, topics, sink: batches, log });
  try {
    for (;;) {
      const now = progressOf(ends, await reachedBy(kafka, groupId, ends));
      await tellRebuild(database, claim, now);
      parts.progress(now);
      if (now.done === now.of) break;
      await sleep(LOOK_MS, undefined, { signal });
    }
  } finally {
    await consumer.stop();
    await batches.stop();
  }
  const { transactions: all, statements } = counted;
  return { reached: await reachedBy(kafka, groupId, ends), batches: all, statements };
}

const shadowed = ({ $transaction }: Transactions): Transactions => ({
  $transaction: (work, options) =>
    $transaction((tx) => {
      inShadow(tx).catch(() => undefined);
      return work(tx);
    }, options),
});

/** Waits for the console's own transactions, a moment at a time: while it waits, everybody waits. */
async function swap(parts: RebuildParts, reached: readonly Reached[], claim: RebuildClaim): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await parts.transactions.$transaction(async (tx) => {
        await inShadow(tx);
        const sagas = await takeOver(tx, reached);
        if (sagas.length > 0) await summarizeSagas(tx, parts, sagas);
        await swapIn(tx);
        await endRebuild(tx, claim, 'took effect');
      });
    } catch (error) {
      if (attempt === SWAP_TRIES || !isLockTimeout(error)) throw error;
      parts.log.info({ attempt }, 'the tables are in use; trying again to put the new ones in their place');
      await sleep(LOOK_MS, undefined, { signal: parts.signal });
    }
  }
}

/** A lock that did not come in time, or that two waited for in a circle. */
const isLockTimeout = (error: unknown): boolean => ['55P03', '40P01'].includes(String(codeOf(error)));
const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown } | null)?.code;

async function givenUp({ database, log }: RebuildParts, claim: RebuildClaim): Promise<void> {
  try {
    await endRebuild(database, claim, 'was given up');
    await dropShadow(database);
  } catch (error) {
    log.warn({ err: error }, 'the tables of the rebuild are left; the next one drops them');
  }
}
