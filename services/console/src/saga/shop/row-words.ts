import type { SagaSummary } from '../input.ts';
import { durationOf, moneyText, strong } from '../words.ts';

/** Why an order was cancelled, in words. A reason that nobody has put into words here is shown as it is. */
const REASONS: Readonly<Record<string, string>> = {
  CUSTOMER: 'cancelled by its customer',
  TIMEOUT: 'cancelled at its deadline',
  PAYMENT_DECLINED: 'cancelled: the payment was declined',
  PAYMENT_REFUSED: 'cancelled: the payment was refused',
  APPROVAL_REJECTED: 'cancelled: the approval was rejected',
  APPROVAL_TIMEOUT: 'cancelled: nobody approved in time',
  OUT_OF_STOCK: 'cancelled: not all in stock',
  SHIPMENT_REFUSED: 'cancelled: the carrier refused',
};

/** How an order ended. */
export function endedWords({ outcome, reason, back, total, placedAt, endedAt }: SagaSummary): string {
  const took = endedAt === null ? '' : ` after ${strong(durationOf(Date.parse(endedAt) - Date.parse(placedAt)))}`;
  if (outcome === 'confirmed') return `confirmed${took}`;
  const why = REASONS[reason ?? ''] ?? (reason === null ? 'cancelled' : `cancelled: ${reason}`);
  const isRefunded =
    total !== null && back.some(({ service, state }) => service === 'payment' && state === 'undo-done');
  return isRefunded ? `${why}, ${moneyText(total)} refunded` : why;
}

/** What happens to an open order if nobody does anything. */
export function selfCancelWords({ deadlineAt, there }: SagaSummary, now: number): string | null {
  if (deadlineAt === null) return null;
  const leftMs = Date.parse(deadlineAt) - now;
  if (leftMs <= 0) return `should have cancelled itself ${strong(`${durationOf(-leftMs)} ago`)}`;
  const isPaid = there.some(({ service, state }) => service === 'payment' && state === 'done');
  return `cancels itself in ${strong(durationOf(leftMs))}${isPaid ? ', refunds' : ''}`;
}
