import type { OutboxRecord } from './outbox-record.ts';
import type { SlotState } from './slot.ts';

/** What the relay tells of its work. Called on its hot path: must be quick and must not throw. */
export interface RelayObserver {
  /** A request begins; `waiting` further records are in memory. */
  sending(records: readonly OutboxRecord[], waiting: number): void;
  /** The broker has these records; it took `ms`. */
  published(records: readonly OutboxRecord[], ms: number): void;
  /** Every ten seconds or so while this relay has the slot. */
  slot(state: SlotState): void;
  /** Whether this relay has the slot, or stands by. */
  active(active: boolean): void;
}
