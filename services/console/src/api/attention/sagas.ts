import type { AttentionItem } from '../../contract/work.ts';
import { strong } from '../../saga/words.ts';
import { button } from './persons.ts';

/** A saga as `GET /sagas` of its orchestrator has it. */
export interface SagaLogPage {
  readonly sagaId: string;
  readonly status: string;
  readonly cause?: { readonly code: string; readonly detail: string };
  readonly startedAt: string;
  readonly steps: readonly {
    readonly name: string;
    readonly status: string;
    readonly endedAt?: string;
    readonly compensation?: {
      readonly status: string;
      readonly startedAt: string;
      readonly endedAt?: string;
      readonly detail?: string;
    };
  }[];
}

/** Sagas that could not undo a step, the oldest first. */
export const sagaItems = (sagas: readonly SagaLogPage[], service: string): readonly AttentionItem[] =>
  sagas.map((saga) => sagaItem(saga, service)).sort((one, other) => one.since.localeCompare(other.since));

function sagaItem({ sagaId, cause, startedAt, steps }: SagaLogPage, service: string): AttentionItem {
  const failed = steps.find(({ compensation }) => compensation?.status === 'FAILED');
  const undo = failed?.compensation;
  const params = { orderId: sagaId };
  const why = undo?.detail ?? cause?.detail ?? 'it gives no reason';
  return {
    orderId: sagaId,
    service,
    since: undo?.endedAt ?? undo?.startedAt ?? startedAt,
    until: null,
    money: null,
    text: `${strong(failed?.name ?? 'A step')} of order ${strong(sagaId.slice(-8))} could not be undone: ${why}`,
    actions: [button('retry-saga', 'Ask again', params), button('resolve-saga', 'Settle…', params)],
    saga: null,
  };
}
