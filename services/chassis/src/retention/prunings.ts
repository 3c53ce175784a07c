import type { BaseConfig } from '../configuration/config.ts';

/** A kind of row that goes when it is old enough. */
export interface Pruning {
  readonly table: string;
  readonly olderThanMs: number;
  /** SQL: which rows are old enough; `cutoff` in it is the moment before which they are. */
  readonly old: string;
  /** SQL: the oldest first, by an index where there may be many. */
  readonly by: string;
}

type Retention = Pick<BaseConfig, 'inboxRetentionMs' | 'deadLetterRetentionMs' | 'idempotencyKeyRetentionMs'>;

/**
 * What is pruned by age. Open dead letters never are. `operator_act` is not pruned either: it grows only with what people
 * do by hand, and its use is to be there when somebody asks years later. The outboxes go by what the broker has.
 */
export function prunings(retention: Retention): readonly Pruning[] {
  const { inboxRetentionMs, deadLetterRetentionMs, idempotencyKeyRetentionMs } = retention;
  const all: readonly Pruning[] = [
    { table: 'inbox', olderThanMs: inboxRetentionMs, old: 'received_at < cutoff', by: 'received_at' },
    {
      table: 'idempotency_key',
      olderThanMs: idempotencyKeyRetentionMs,
      old: 'created_at < cutoff',
      by: 'created_at',
    },
    {
      table: 'dead_letter',
      olderThanMs: deadLetterRetentionMs,
      old: `settled_at < cutoff AND status IN ('HANDLED', 'DISCARDED')`,
      by: 'settled_at',
    },
    {
      table: 'dead_letter_replay_item',
      olderThanMs: deadLetterRetentionMs,
      old: 'replay_id IN (SELECT id FROM chassis.dead_letter_replay WHERE finished_at < cutoff)',
      by: 'replay_id, letter_id',
    },
    {
      // After its items: a replay of many would otherwise take them all along in one statement.
      table: 'dead_letter_replay',
      olderThanMs: deadLetterRetentionMs,
      old: `finished_at < cutoff
            AND NOT EXISTS (SELECT FROM chassis.dead_letter_replay_item AS item WHERE item.replay_id = dead_letter_replay.id)`,
      by: 'finished_at',
    },
  ];
  return all.filter(({ olderThanMs }) => Number.isFinite(olderThanMs));
}
