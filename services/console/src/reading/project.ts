import { type Log, together } from '@troupe/chassis';
import type { KafkaRecord, Transactions } from '@troupe/chassis/internal';
import type { Choreography } from '@troupe/choreography/graph';
import type { SagaEvent } from '../contract/event.ts';
import type { SagaSummary } from '../saga/input.ts';
import type { RecordRow } from '../store/record-row.ts';
import { recordsOfSagas, type SagaRecords } from '../store/saga-events.ts';
import { addRecords } from '../store/write-records.ts';
import { lockSagas, type SagaRow, saveSagas } from '../store/write-sagas.ts';
import type { Changed } from './changes.ts';
import { type Read, recordOf } from './record-of.ts';
import { unsummarized } from './unsummarized.ts';

export type Summarize = (events: readonly SagaEvent[], choreography: Choreography) => SagaSummary;

export interface ProjectingParts {
  readonly transactions: Transactions;
  readonly choreography: Choreography;
  readonly summarize: Summarize;
  read(records: readonly KafkaRecord[]): Promise<readonly Read[]>;
  /** Told after each commit. Must not throw. */
  changed(changed: Changed): void;
  readonly log: Log;
}

/**
 * Makes rows of records: one transaction and at most four statements, whatever the batch. A saga is made anew of all its
 * records, so that neither the order in which they come nor how they are split into batches shows in any row, and a record
 * that comes twice changes nothing. Two processes may do this at once.
 */
export const projecting =
  (parts: ProjectingParts) =>
  async (records: readonly KafkaRecord[]): Promise<void> =>
    projectRows(parts, (await parts.read(records)).map(recordOf));

export async function projectRows(
  { transactions, choreography, summarize, changed, log }: Omit<ProjectingParts, 'read'>,
  rows: readonly RecordRow[],
): Promise<void> {
  const orderIds = [...new Set(rows.flatMap(({ sagaId }) => sagaId ?? []))];
  const sagas = await transactions.$transaction(async (tx) => {
    if (orderIds.length === 0) {
      await addRecords(tx, rows);
      return [];
    }
    const [, , found] = await together<[unknown, unknown, readonly SagaRecords[]]>(tx, [
      () => addRecords(tx, rows),
      () => lockSagas(tx, orderIds),
      () => recordsOfSagas(tx, orderIds),
    ]);
    const saved = found.flatMap((saga) => rowOf(saga));
    if (saved.length > 0) await saveSagas(tx, saved);
    return saved;
  });
  changed({ sagas: sagas.map(({ summary }) => summary), records: rows });

  /** None for what is known by its dead letters alone. */
  function rowOf({ orderId, events, bytes }: SagaRecords): readonly SagaRow[] {
    return events.length === 0 ? [] : [{ orderId, bytes, summary: summaryOf(orderId, events) }];
  }

  /** One saga that the rules cannot tell must not hold up the others. */
  function summaryOf(orderId: string, events: readonly SagaEvent[]): SagaSummary {
    try {
      return summarize(events, choreography);
    } catch (error) {
      log.error({ orderId, err: error }, 'a saga cannot be told: its row says only when its events were said');
      return unsummarized(orderId, events);
    }
  }
}
