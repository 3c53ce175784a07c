import type { StepAnswer } from '@troupe/chassis';
import { PlaceOrchestrated } from '../src/orchestrated/orchestrating.ts';
import { heard, orderId, type Said } from './story.ts';

const answer = (type: string, outcome: StepAnswer): Said => ({
  type,
  data: { request: {}, outcome: { ...outcome, attempts: 1 } },
});
const done = (learned: object): StepAnswer => ({ kind: 'done', learned });
const refused = (code: string, detail: string): StepAnswer => ({ kind: 'refused', code, detail });

export const approvalUntil = '2026-11-21T12:00:00.000Z';

/** Everything that an order with an orchestrator can hear, in the words of the business. */
export const asked = {
  placed: PlaceOrchestrated(heard.placed.data),
  charged: answer('ChargePayment', done({ paymentId: 'p-1', amount: 2_100 })),
  declined: answer('ChargePayment', refused('PAYMENT_DECLINED', 'The card was declined.')),
  chargeRefused: answer('ChargePayment', refused('PAYMENT_REFUSED', 'The provider refused the charge.')),
  charging: answer('ChargePayment', {
    kind: 'waiting',
    code: 'UNDER_WAY',
    detail: 'It is being charged.',
    until: null,
  }),
  awaitsApproval: answer('ChargePayment', {
    ...{ kind: 'waiting', code: 'APPROVAL', detail: 'A person has to approve it.', until: approvalUntil },
  }),
  rejected: answer('ChargePayment', refused('APPROVAL_REJECTED', 'Too much.')),
  notCharged: answer('ChargePayment', { kind: 'unanswered', detail: 'Nobody was there.' }),
  reserved: answer('ReserveStock', done({})),
  outOfStock: answer('ReserveStock', refused('OUT_OF_STOCK', 'Of SKU-001 there is 1 left.')),
  scheduled: answer('ScheduleShipment', done({ shipmentId: 's-1', carrier: 'Sandbox Parcel', trackingNumber: 'T-1' })),
  carrierRefused: answer('ScheduleShipment', refused('SHIPMENT_REFUSED', 'Too heavy.')),
  refunded: answer('RefundPayment', done({ paymentId: 'p-1', amount: 2_100, byHand: false })),
  settledByHand: answer('RefundPayment', done({ paymentId: 'p-1', amount: 2_100, byHand: true })),
  nothingToRefund: answer('RefundPayment', done({ amount: 0, byHand: false })),
  refundRefused: answer('RefundPayment', refused('REFUND_FAILED', 'The account is closed.')),
  released: answer('ReleaseStock', done({})),
  notReleased: answer('ReleaseStock', { kind: 'unanswered', detail: 'inventory gave no answer.' }),
  shipmentCancelled: answer('CancelShipment', done({})),
  clock: { type: 'SagaClock', data: { sagaId: orderId } } as Said,
  retry: { type: 'RetrySaga', data: { sagaId: orderId } } as Said,
  compensate: { type: 'CompensateSaga', data: { sagaId: orderId, reason: 'the customer called' } } as Said,
  resolve: { type: 'ResolveSaga', data: { sagaId: orderId, reason: 'bank transfer 4711' } } as Said,
};
