import { describe, expect, it } from '@jest/globals';
import type { OrderProgress } from '../src/read/order-progress.ts';
import { remedyFor } from '../src/read/remedy.ts';
import { orderId } from './story.ts';

const stuck = (place: Partial<OrderProgress>) => remedyFor({ orderId, status: 'PENDING', owes: 'payment', ...place });

describe('an order that makes no progress names its remedy', () => {
  it.each<[string, Partial<OrderProgress>, string]>([
    ['the provider does not answer', { owes: 'payment' }, `POST /waiting/Charge/${orderId}/end`],
    ['the carrier does not answer', { owes: 'shipping' }, `POST /waiting/Book/${orderId}/end`],
    ['inventory has not answered', { owes: 'inventory' }, 'GET /waiting of inventory'],
    ['it does not end', { owes: 'order' }, `GET /sagas/${orderId}`],
    ['nobody has approved it', { status: 'AWAITING_APPROVAL' }, `POST /payments/${orderId}/approval`],
    [
      'its refund is refused',
      { status: 'NEEDS_ATTENTION', cause: 'REFUND_FAILED: The account is closed.' },
      `POST /payments/${orderId}/refund/retry`,
    ],
    [
      'something is not undone',
      { status: 'NEEDS_ATTENTION', owes: 'order', cause: 'COMPENSATION_FAILED: No answer.' },
      `POST /sagas/${orderId}/retry`,
    ],
  ])('when %s', (_, place, remedy) => {
    expect(stuck(place)).toContain(remedy);
  });
});
