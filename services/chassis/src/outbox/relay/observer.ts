import type { OutboxRecord } from '../outbox-record.ts';
import type { RefusedRecordCounts } from '../refused/refused-records-table.ts';
import type { SlotState } from '../replication/slot.ts';

/** What the relay tells of its work. Called on its hot path: must be quick and must not throw. */
export interface RelayObserver {
  /** A request begins; `waiting` further records are in memory. */
  sending(records: readonly OutboxRecord[], waiting: number): void;
  /** The broker has these records; it took `ms`. */
  published(records: readonly OutboxRecord[], ms: number): void;
  /** Every ten seconds or so while this relay has the slot. */
  slot(state: SlotState): void;
  active(active: boolean): void;
  /** The slot was lost: a new one is made, and what the outbox keeps is published again. */
  recovering(): void;
  /** The broker has this many more rows again since the slot was lost. */
  republished(records: number): void;
  /** So many rows of the outbox are aside. */
  refusedRecords(counts: RefusedRecordCounts): void;
}

/** Tells nobody. */
export const unobserved: RelayObserver = {
  sending: () => undefined,
  published: () => undefined,
  slot: () => undefined,
  active: () => undefined,
  recovering: () => undefined,
  republished: () => undefined,
  refusedRecords: () => undefined,
};
