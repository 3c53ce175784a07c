import type { OrderProgress } from './order-progress.ts';

/** What a person can look at and do when an order makes no progress, in one or two sentences. */
export function remedyFor({
  orderId,
  status,
  owes,
  cause = '',
}: Pick<OrderProgress, 'orderId' | 'status' | 'owes' | 'cause'>) {
  if (status === 'NEEDS_ATTENTION') {
    return cause.startsWith('REFUND_FAILED')
      ? `Payment: POST /payments/${orderId}/refund/retry, or …/resolve when the customer has the money. Of an orchestrated order: POST /sagas/${orderId}/retry or …/resolve.`
      : `GET /sagas/${orderId} shows what could not be undone. POST /sagas/${orderId}/retry, or …/resolve when a person has settled it.`;
  }
  if (status === 'AWAITING_APPROVAL') return `Payment: POST /payments/${orderId}/approval, to approve or to reject.`;
  switch (owes) {
    case 'payment':
      return waitsFor('payment', 'provider', `POST /waiting/Charge/${orderId}/end`);
    case 'shipping':
      return waitsFor('shipping', 'carrier', `POST /waiting/Book/${orderId}/end`);
    case 'inventory':
      return 'GET /waiting of inventory: a dead letter that holds the order up is replayed there.';
    case 'order':
      return `GET /waiting of order: a dead letter or a late timer. Of an orchestrated order, GET /sagas/${orderId} shows whom it asks.`;
    default:
      return owes satisfies never;
  }
}

const waitsFor = (service: string, outside: string, end: string): string =>
  `GET /waiting of ${service}: a dead letter is replayed there; a call that the ${outside} does not answer can be ended by hand there, by ${end}, after you have looked what the ${outside} did.`;
