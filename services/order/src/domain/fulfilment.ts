import { begins, type Settled, saga, sagas, seconds, step } from '@troupe/chassis';
import { OrderCancelled, OrderConfirmed, OrderCreated } from '@troupe/schemas';
import {
  CancelShipment,
  ChargePayment,
  RefundPayment,
  ReleaseStock,
  ReserveStock,
  ScheduleShipment,
} from '../orchestrated/participants.ts';
import {
  announce,
  awaitsApproval,
  complete,
  end,
  moneyReturned,
  notUndone,
  type Placed,
  paid,
  reasonOf,
  refundRefused,
  releaseReasonOf,
  reservationFailed,
  type Start,
  shipmentRefused,
  stockReserved,
} from './progress.ts';
import { OrderDeadline, unpriced } from './rules.ts';

const STEP = { timeoutMs: seconds(5), attempts: 8, withinMs: seconds(30) };
/** A compensation gets more time, because a person has to settle what is not undone. */
const UNDO = { timeoutMs: seconds(5), attempts: 12, withinMs: seconds(60) };

/**
 * The same saga as the choreography, orchestrated: what is done for an order, step by step, and beside each step what
 * undoes it.
 */
export const fulfilment = saga('fulfil-order', 1, begins<Start>(), [
  step('create order', { emits: [OrderCreated], does: announce }).compensate({ emits: [OrderCancelled], does: end }),

  step(
    'charge payment',
    {
      call: ChargePayment,
      asks: { service: 'payment', command: 'ChargeOrder' },
      limits: STEP,
      done: paid,
      waiting: awaitsApproval,
      starts: [OrderDeadline],
      request: ({ items, ...order }: Start) => ({ ...order, items: unpriced(items) }),
    },
    { forgets: ['paymentToken'] },
  ).compensate({
    call: RefundPayment,
    asks: { service: 'payment', command: 'RefundOrder' },
    limits: UNDO,
    done: moneyReturned,
    refused: refundRefused,
    settled: 'tell' as const,
    request: ({ orderId, settlement }: Placed & Settled, { cause, rounds }) => {
      return { orderId, reason: reasonOf(cause?.code), round: rounds, settlement };
    },
  }),

  step('reserve stock', {
    call: ReserveStock,
    asks: { service: 'inventory', command: 'ReserveItems' },
    limits: STEP,
    done: stockReserved,
    refused: reservationFailed,
    request: ({ orderId, items }: Placed) => ({ orderId, items: unpriced(items) }),
  }).compensate({
    call: ReleaseStock,
    asks: { service: 'inventory', command: 'ReleaseItems' },
    limits: UNDO,
    refused: notUndone('reserve stock'),
    request: ({ orderId, items }: Placed, { cause }) => {
      return { orderId, items: unpriced(items), reason: releaseReasonOf(cause?.code) };
    },
  }),

  step('schedule shipment', {
    call: ScheduleShipment,
    asks: { service: 'shipping', command: 'ScheduleShipment' },
    limits: STEP,
    refused: shipmentRefused,
    request: ({ orderId, items }: Placed) => ({ orderId, items: unpriced(items) }),
  }).compensate({
    call: CancelShipment,
    asks: { service: 'shipping', command: 'CancelShipment' },
    limits: UNDO,
    refused: notUndone('schedule shipment'),
    settled: 'tell' as const,
    request: ({ orderId, settlement }: Placed & Settled, { rounds }) => ({ orderId, round: rounds, settlement }),
  }),

  step('confirm order', { emits: [OrderConfirmed], does: complete }),
]);

/** Current definition first. Keep an older one here until `GET /sagas` shows no open saga of its version. */
export const orderSagas = sagas(fulfilment);
