import { call, type StepAnswer, type Tried } from '@troupe/chassis';

interface Item {
  readonly sku: string;
  readonly quantity: number;
}
interface OfOrder {
  readonly orderId: string;
}
export interface Undoing extends OfOrder {
  /** 0 for the first try. Later rounds also ask the participant to try again what the outside refused. */
  readonly round: number;
  /** How a person has settled it, in that person's words. The participant must not try any more. */
  readonly settlement: string | undefined;
}
export interface Refunding extends Undoing {
  readonly reason: 'OUT_OF_STOCK' | 'SHIPMENT_REFUSED' | 'ORDER_CANCELLED';
}

export interface ChargeRequest extends OfOrder {
  readonly customerId: string;
  readonly items: readonly Item[];
  readonly amount: number;
  readonly currency: string;
  readonly paymentToken: string;
}
export interface Charged {
  readonly paymentId: string;
  readonly amount: number;
}
/** The outcome of a refund; `paymentId` only when money had been taken. */
export interface MoneyBack {
  readonly paymentId?: string;
  readonly amount: number;
  readonly byHand: boolean;
}
export interface Reserving extends OfOrder {
  readonly items: readonly Item[];
}
export interface Releasing extends Reserving {
  readonly reason: 'SHIPMENT_REFUSED' | 'ORDER_CANCELLED';
}
export interface Scheduled {
  readonly shipmentId: string;
  readonly carrier: string;
  readonly trackingNumber: string;
}
type Nothing = Readonly<Record<never, never>>;

/** The remote steps. The order is the key of each, so each has one idempotency key for each order. */
export const ChargePayment = call<'ChargePayment', ChargeRequest, Tried<StepAnswer<Charged>>>('ChargePayment', keyOf);
export const RefundPayment = call<'RefundPayment', Refunding, Tried<StepAnswer<MoneyBack>>>('RefundPayment', keyOf);
export const ReserveStock = call<'ReserveStock', Reserving, Tried<StepAnswer<Nothing>>>('ReserveStock', keyOf);
export const ReleaseStock = call<'ReleaseStock', Releasing, Tried<StepAnswer<Nothing>>>('ReleaseStock', keyOf);
export const ScheduleShipment = call<'ScheduleShipment', Reserving, Tried<StepAnswer<Scheduled>>>(
  'ScheduleShipment',
  keyOf,
);
export const CancelShipment = call<'CancelShipment', Undoing, Tried<StepAnswer<Nothing>>>('CancelShipment', keyOf);

function keyOf({ orderId }: OfOrder): string {
  return orderId;
}
