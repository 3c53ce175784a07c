import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError } from 'pg';
import { OutboxPublisher } from '../publisher.ts';
import { ReplicationStream } from '../replication/replication-stream.ts';
import { inspectSlot } from '../replication/slot.ts';
import { recover, unfinishedRecovery } from './recovery.ts';
import { ATTEND_MS, type RelayOptions, type RelayTurn, type RunningRelay, runRelay, STAND_BY_MS } from './relay.ts';

const PUBLICATION = 'outbox';
/** How often a slot that cannot be used is looked at again. */
const REFUSED_MS = 2_000;
const WATCH_MS = 10_000;
const OBJECT_IN_USE = '55006';

/**
 * Publishes the outbox from the write-ahead log, through a logical replication slot. At least once, in commit order;
 * the slot remembers how far the broker has everything.
 *
 * - A slot that is lost is made anew, and all that the outbox keeps is published again first: see recovery.ts. A slot
 *   of another kind is refused.
 * - A database or a broker that is away is waited out, for ever; PostgreSQL keeps the log meanwhile.
 */
export function startRelay(options: RelayOptions): RunningRelay {
  return runRelay(options, (turn) => usedSlot(turn, options));
}

/** Waits until the slot can be used, repairs it, and streams. Returns when the stream has ended. */
async function usedSlot(turn: RelayTurn, options: RelayOptions): Promise<void> {
  while (!turn.stopping.aborted) {
    const slot = await inspectSlot(turn.control, options.slot);
    if (slot.kind === 'foreign') {
      turn.status.refused(slot.why);
      await turn.pause(REFUSED_MS);
      continue;
    }
    if (slot.kind === 'usable' && slot.state.active) {
      turn.status.standingBy();
      await turn.pause(STAND_BY_MS);
      continue;
    }
    const cause = slot.kind === 'gone' ? slot.cause : await unfinishedRecovery(turn.control, options.slot);
    if (cause !== undefined) await recover(turn, { ...options, cause });
    else if (await streamed(turn, options)) return;
  }
}

/** Streams until the stream ends or the relay stops. Returns false when somebody else was quicker. */
async function streamed(turn: RelayTurn, options: RelayOptions): Promise<boolean> {
  const { connectionString, slot, publisher, topicPrefix } = options;
  const stream = await ReplicationStream.connect(connectionString);
  const outboxPublisher = new OutboxPublisher({
    source: stream,
    publisher,
    topicPrefix,
    observer: turn.observer,
    refusedRecords: turn.refusedRecords,
  });
  try {
    await stream.start(slot, PUBLICATION, outboxPublisher);
    turn.working();
    await untilOver(turn, { stream, outboxPublisher, slot });
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.code === OBJECT_IN_USE) return false;
    throw error;
  } finally {
    turn.observer.active(false);
    await stream.close();
    turn.leave(outboxPublisher.abandon());
  }
}

interface Streaming {
  readonly stream: ReplicationStream;
  readonly outboxPublisher: OutboxPublisher;
  readonly slot: string;
}

async function untilOver(turn: RelayTurn, { stream, outboxPublisher, slot }: Streaming): Promise<void> {
  const ended = new AbortController();
  const { signal } = ended;
  const stopped = turn.stopping.aborted ? Promise.resolve() : once(turn.stopping, 'abort', { signal });
  try {
    const watching = watch(turn, slot, signal);
    void attend(turn, outboxPublisher, signal);
    await turn.unlessOver(Promise.race([stream.ended, outboxPublisher.failed, stopped, watching]));
  } finally {
    ended.abort();
  }
  if (!turn.stopping.aborted) return;
  stream.pause();
  await turn.unlessOver(outboxPublisher.drain());
}

async function attend(
  { refusedRecords }: RelayTurn,
  outboxPublisher: OutboxPublisher,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    if (!refusedRecords.isEmpty) outboxPublisher.attend();
    await sleep(ATTEND_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

/** Looks at the slot from time to time, until aborted. */
async function watch({ control, observer, status }: RelayTurn, name: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const slot = await inspectSlot(control, name);
    if (slot.kind === 'usable') {
      observer.slot(slot.state);
      if (slot.state.walStatus === 'unreserved') status.atRisk(slot.state.retainedBytes);
      else status.active();
    }
    await sleep(WATCH_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
