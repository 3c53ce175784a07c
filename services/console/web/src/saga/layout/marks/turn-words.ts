import type { SagaDetail } from '../../../../../src/contract/index.ts';
import type { Occurrence } from './occurrences.ts';

/** Who turned the saga, in the words of the business. Of a stranger's service: its name. */
const WORDS: Readonly<Record<string, string>> = {
  ShipmentFailed: 'the carrier refused',
  PaymentFailed: 'the payment was declined',
  InventoryFailed: 'out of stock',
};
const REASONS: Readonly<Record<string, string>> = {
  CUSTOMER: 'the customer cancelled',
  CUSTOMER_REQUEST: 'the customer cancelled',
  OPERATOR: 'an operator cancelled',
  TIMEOUT: 'its time was up',
};

export function turnWords(turn: Occurrence, detail: SagaDetail): string {
  const event = detail.events.find((one) => one.id === turn.eventId);
  const reason = event?.payload.reason ?? turn.facts[0]?.text ?? '';
  return (
    WORDS[event?.type ?? ''] ??
    REASONS[String(reason)] ??
    (event?.type === 'OrderCancelled' ? 'the order is cancelled' : `${turn.service} refused`)
  );
}
