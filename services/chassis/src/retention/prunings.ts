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

/** What is pruned by age: no open dead letters, and no `operator_act`, which people ask for years later. */
export function prunings(retention: Retention): readonly Pruning[] {
  const { inboxRetentionMs: inbox, deadLetterRetentionMs: deadLetters, idempotencyKeyRetentionMs: keys } = retention;
  const isSettled = `settled_at < cutoff AND status IN ('HANDLED', 'DISCARDED')`;
  const isOfEnded = 'replay_id IN (SELECT id FROM chassis.dead_letter_replay WHERE finished_at < cutoff)';
  // Behind its items: a replay of many would otherwise take them all along in one statement.
  const isEmpty = `finished_at < cutoff
    AND NOT EXISTS (SELECT FROM chassis.dead_letter_replay_item AS item WHERE item.replay_id = dead_letter_replay.id)`;
  const all: readonly Pruning[] = [
    { table: 'inbox', olderThanMs: inbox, old: 'received_at < cutoff', by: 'received_at' },
    { table: 'idempotency_key', olderThanMs: keys, old: 'created_at < cutoff', by: 'created_at' },
    { table: 'dead_letter', olderThanMs: deadLetters, old: isSettled, by: 'settled_at' },
    { table: 'dead_letter_replay_item', olderThanMs: deadLetters, old: isOfEnded, by: 'replay_id, letter_id' },
    { table: 'dead_letter_replay', olderThanMs: deadLetters, old: isEmpty, by: 'finished_at' },
  ];
  return all.filter(({ olderThanMs }) => Number.isFinite(olderThanMs));
}
