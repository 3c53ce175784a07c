import { actNamed } from '../../acts/table.ts';
import type { Judged } from '../../board/judged.ts';
import type { ActAction, Action } from '../../contract/diagnosis.ts';
import type { AttentionItem } from '../../contract/work.ts';
import type { SagaSummary } from '../../saga/input.ts';
import { rowOf } from '../../saga/summary/row.ts';
import { moneyText, strong } from '../../saga/words.ts';
import type { SagaRowsParts } from '../saga-rows.ts';

type Kind = 'approval' | 'refund' | 'cancellation';

/** An act of the table, as a button. */
export function button(act: string, label: string, params: Readonly<Record<string, string>>): ActAction {
  const known = actNamed(act);
  if (known === undefined) throw new Error(`${act} is no act of the table`);
  const { needsReason, consequence, danger } = known;
  return { kind: 'act', label, act, params, needsReason, consequence, danger };
}

const ACTS: Readonly<Record<Kind, readonly (readonly [act: string, label: string])[]>> = {
  approval: [
    ['approve', 'Approve'],
    ['reject', 'Reject…'],
  ],
  refund: [
    ['retry-refund', 'Ask again'],
    ['resolve-refund', 'Settle…'],
  ],
  cancellation: [
    ['retry-cancellation', 'Ask again'],
    ['resolve-cancellation', 'Settle…'],
  ],
};

/** Choreographed sagas that wait for a person, the oldest first. Orchestrated ones wait at their orchestrator, but for approvals. */
export function personItems({ open, now }: SagaRowsParts): Readonly<Record<Kind, readonly AttentionItem[]>> {
  const items: Record<Kind, AttentionItem[]> = { approval: [], refund: [], cancellation: [] };
  for (const judged of open.judged()) {
    const kind = kindOf(judged.summary);
    if (kind !== undefined) items[kind].push(itemOf(kind, judged, now()));
  }
  for (const of of Object.values(items)) of.sort((one, other) => one.since.localeCompare(other.since));
  return items;
}

function kindOf({ person, style, owes }: SagaSummary): Kind | undefined {
  if (person === null) return undefined;
  if (person === 'approval') return 'approval';
  if (style === 'orchestrated') return undefined;
  return owes?.service === 'shipping' ? 'cancellation' : 'refund';
}

function itemOf(kind: Kind, { summary, diagnosis }: Judged, now: number): AttentionItem {
  const { orderId, total, since, owes } = summary;
  const params = { orderId };
  const actions: readonly Action[] = ACTS[kind].map(([act, label]) => button(act, label, params));
  return {
    orderId,
    service: owes?.service ?? (kind === 'cancellation' ? 'shipping' : 'payment'),
    since: diagnosis?.since ?? since,
    until: owes?.dueAt ?? null,
    money: total,
    text: diagnosis?.sentence ?? textOf(kind, summary),
    actions,
    saga: rowOf(summary, diagnosis, now),
  };
}

function textOf(kind: Kind, { orderId, total, customerId }: SagaSummary): string {
  const amount = total === null ? 'The amount' : moneyText(total);
  const whose = customerId === null ? '' : ` of ${customerId}`;
  const order = `order ${strong(orderId.slice(-8))}${whose}`;
  if (kind === 'approval') return `${strong(amount)} for ${order} wants a decision.`;
  if (kind === 'refund') return `${strong(amount)} for ${order} was not given back.`;
  return `The shipment of ${order} was not taken back.`;
}
