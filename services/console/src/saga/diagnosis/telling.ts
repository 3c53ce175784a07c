import type { ActAction, LinkAction } from '../../contract/diagnosis.ts';
import { durationOf, moneyText, strong } from '../words.ts';
import { type Case, waitedMs } from './case.ts';

/** "**inventory** has not answered **PaymentCompleted** for **42 s** (10 s allowed)". */
export function head(at: Case): string {
  const { waits } = at;
  const time = at.isMany ? '' : ` for ${strong(durationOf(waitedMs(at)))}`;
  const allowed = waits.withinMs === null ? '' : ` (${durationOf(waits.withinMs)} allowed)`;
  const who = strong(waits.service);
  if (waits.kind === 'timer') return `${who} should have cancelled the order at its deadline${ago(at)}`;
  if (waits.kind === 'step') return `${who} has not done “${waits.hears}”${time}${allowed}`;
  if (waits.kind === 'undo again') return `${who} has not undone it${time}`;
  return `${who} has not answered ${strong(waits.hears)}${time}${allowed}`;
}

const ago = (at: Case): string => (at.isMany ? '' : `, ${strong(durationOf(at.now - at.waits.since))} ago`);

/** What happens to an order if nobody does anything. Nothing is said of many at once: each has its own time. */
export function otherwise({ deadlineAt, now, paid, isMany }: Case): string {
  if (isMany || deadlineAt === null || deadlineAt <= now) return '';
  const refunds = paid === null ? '' : ` and refunds ${moneyText(paid)}`;
  return ` Otherwise the order cancels itself in ${durationOf(deadlineAt - now)}${refunds}.`;
}

/** The first sentence of a longer text, without its stop. */
export const firstSentence = (text: string): string => text.split(/(?<=[.;])\s/)[0]?.replace(/[.;]$/, '') ?? text;

export const openService = (service: string): LinkAction => ({
  kind: 'link',
  label: `Open ${service}`,
  href: `/services?open=${encodeURIComponent(service)}`,
});

/** A customer's own way out, while the order has not ended. */
export function cancelOrder({ orderId, deadlineAt, paid, isMany }: Case): readonly ActAction[] {
  if (isMany || deadlineAt === null) return [];
  const refund = paid === null ? 'nothing was taken' : `${moneyText(paid)} go back`;
  return [
    act(
      'cancel-order',
      'Cancel order…',
      { orderId },
      {
        consequence: `The order ends as its customer would end it. Everything that was done is undone: ${refund}.`,
        danger: true,
      },
    ),
  ];
}

export const act = (
  name: string,
  label: string,
  params: Readonly<Record<string, string>>,
  { consequence, danger }: { readonly consequence: string; readonly danger: boolean },
): ActAction => ({
  kind: 'act',
  label,
  act: name,
  params,
  needsReason: !WITHOUT_REASON.has(name),
  consequence,
  danger,
});

/** What the service's own page takes without a word. */
const WITHOUT_REASON: ReadonlySet<string> = new Set([
  'approve',
  'reject',
  'cancel-order',
  'retry-refund',
  'retry-cancellation',
  'retry-saga',
]);
