import { type Log, type Sql, together } from '@troupe/chassis';
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
  { transactions, changed, ...rules }: Omit<ProjectingParts, 'read'>,
  rows: readonly RecordRow[],
): Promise<void> {
  const orderIds = [...new Set(rows.flatMap(({ sagaId }) => sagaId ?? []))];
  const sagas = await transactions.$transaction(async (tx) => {
    if (orderIds.length > 0) return summarizeSagas(tx, rules, orderIds, () => addRecords(tx, rows));
    await addRecords(tx, rows);
    return [];
  });
  changed({ sagas: sagas.map(({ summary }) => summary), records: rows });
}

/** Makes sagas anew of all their records, those that `add` brings among them. */
export async function summarizeSagas(
  tx: Sql,
  { choreography, summarize, log }: Pick<ProjectingParts, 'choreography' | 'summarize' | 'log'>,
  orderIds: readonly string[],
  add: () => Promise<unknown> = async () => undefined,
): Promise<readonly SagaRow[]> {
  const [, , found] = await together<[unknown, unknown, readonly SagaRecords[]]>(tx, [
    add,
    () => lockSagas(tx, orderIds),
    () => recordsOfSagas(tx, orderIds),
  ]);
  // What is known by its dead letters alone is no saga.
  const told = found.filter(({ events }) => events.length > 0);
  const rows = told.map(({ orderId, events, bytes }) => ({ orderId, bytes, summary: summaryOf(orderId, events) }));
  if (rows.length > 0) await saveSagas(tx, rows);
  return rows;

  /** One saga that the rules cannot tell must not hold up the others. */
  function summaryOf(orderId: string, events: readonly SagaEvent[]): SagaSummary {
    try {
      const summary = summarize(events, choreography);
      return events.some(({ id }) => id === orderId) ? summary : { ...summary, ...REMAINS };
    } catch (error) {
      log.error({ orderId, err: error }, 'a saga cannot be told: its row says only when its events were said');
      return unsummarized(orderId, events);
    }
  }
}

/**
 * A saga has the id of its first event. Without that one it is the remains of an old saga, whose records the topics have lost one
 * after the other: nobody owes it anything.
 */
const REMAINS = { open: false, owes: null, person: null, turningBack: false } as const;
