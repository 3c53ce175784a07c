import {
  type CallType,
  CompensateSaga,
  ResolveSaga,
  RetrySaga,
  SagaClock,
  type StepAnswer,
  type Tried,
} from '@troupe/chassis';
import { answerTo } from '@troupe/chassis/testing';
import { PlaceOrchestrated } from '../src/orchestrated/orchestrating.ts';
import {
  CancelShipment,
  ChargePayment,
  RefundPayment,
  ReleaseStock,
  ReserveStock,
  ScheduleShipment,
} from '../src/orchestrated/participants.ts';
import { heard, orderId } from './story.ts';

/** The orchestrator looks at the answer only, not at what it has asked. */
const answer = <Name extends string, Request, Learned>(
  call: CallType<Name, Request, Tried<StepAnswer<Learned>>>,
  outcome: StepAnswer<Learned>,
) => answerTo(call, { orderId } as Request, { ...outcome, attempts: 1 });
const done = <Learned>(learned: Learned) => ({ kind: 'done', learned }) as const;
const refused = (code: string, detail: string) => ({ kind: 'refused', code, detail }) as const;

export const approvalUntil = '2026-11-21T12:00:00.000Z';

/** Everything that an order with an orchestrator can hear, in the words of the business. */
export const asked = {
  placed: PlaceOrchestrated(heard.placed.data),
  charged: answer(ChargePayment, done({ paymentId: 'p-1', amount: 2_100 })),
  declined: answer(ChargePayment, refused('PAYMENT_DECLINED', 'The card was declined.')),
  chargeRefused: answer(ChargePayment, refused('PAYMENT_REFUSED', 'The provider refused the charge.')),
  charging: answer(ChargePayment, {
    kind: 'waiting',
    code: 'UNDER_WAY',
    detail: 'It is being charged.',
    until: null,
  }),
  awaitsApproval: answer(ChargePayment, {
    kind: 'waiting',
    code: 'APPROVAL',
    detail: 'A person has to approve it.',
    until: approvalUntil,
  }),
  rejected: answer(ChargePayment, refused('APPROVAL_REJECTED', 'Too much.')),
  notCharged: answer(ChargePayment, { kind: 'unanswered', detail: 'Nobody was there.' }),
  reserved: answer(ReserveStock, done({})),
  outOfStock: answer(ReserveStock, refused('OUT_OF_STOCK', 'Of SKU-001 there is 1 left.')),
  scheduled: answer(ScheduleShipment, done({ shipmentId: 's-1', carrier: 'Sandbox Parcel', trackingNumber: 'T-1' })),
  carrierRefused: answer(ScheduleShipment, refused('SHIPMENT_REFUSED', 'Too heavy.')),
  refunded: answer(RefundPayment, done({ paymentId: 'p-1', amount: 2_100, byHand: false })),
  settledByHand: answer(RefundPayment, done({ paymentId: 'p-1', amount: 2_100, byHand: true })),
  nothingToRefund: answer(RefundPayment, done({ amount: 0, byHand: false })),
  refundRefused: answer(RefundPayment, refused('REFUND_FAILED', 'The account is closed.')),
  released: answer(ReleaseStock, done({})),
  notReleased: answer(ReleaseStock, { kind: 'unanswered', detail: 'inventory gave no answer.' }),
  shipmentCancelled: answer(CancelShipment, done({})),
  clock: SagaClock({ sagaId: orderId }),
  retry: RetrySaga({ sagaId: orderId }),
  compensate: CompensateSaga({ sagaId: orderId, reason: 'the customer called' }),
  resolve: ResolveSaga({ sagaId: orderId, reason: 'bank transfer 4711' }),
};
