import type { Sql } from '../../rules/database.ts';
import { openDeadLetterCounts } from '../../tables/dead-letters/queries.ts';
import { counter, level } from '../../telemetry/metrics.ts';

export const replayed = counter({
  name: 'troupe_dead_letters_replayed_total',
  help: 'Dead letters that were handled again because an operator asked for it, by what they came to.',
  labels: ['outcome'],
});
export const released = counter({
  name: 'troupe_parked_messages_released_total',
  help: 'Parked messages that were handled after what they waited for.',
});
const open = level({
  name: 'troupe_dead_letters_open',
  help: 'Messages that are set aside and not settled: DEAD, QUARANTINED, or PARKED behind one of those.',
  labels: ['status'],
});
const oldest = level({
  name: 'troupe_dead_letters_oldest_seconds',
  help: 'Since when the oldest message of the status is set aside; 0 when there is none.',
  labels: ['status'],
});

/** Looks at what is set aside in the service's database, whichever process did it. */
export async function measureOpenDeadLetters(db: Sql): Promise<void> {
  const rows = await openDeadLetterCounts(db);
  for (const status of ['DEAD', 'QUARANTINED', 'PARKED'] as const) {
    const row = rows.find((candidate) => candidate.status === status);
    open.set({ status }, row?.count ?? 0);
    oldest.set({ status }, row?.oldest_seconds ?? 0);
  }
}
