import type { Command } from '@troupe/chassis';
import { CancelOrder, PlaceOrchestrated, PlaceOrder } from '@troupe/order';
import { SCARCE } from '../shop/services.ts';

export interface Item {
  readonly sku: string;
  readonly quantity: number;
}

export interface PlaceOrderRequest {
  readonly orderId: string;
  readonly customerId: string;
  readonly items: readonly Item[];
  readonly total: number;
  /** Whether the orchestrated saga runs it. Default: the choreographed one. */
  readonly orchestrated?: boolean;
}

export const placeOrderCommand = ({ items, orchestrated = false, ...order }: PlaceOrderRequest): Command =>
  (orchestrated ? PlaceOrchestrated : PlaceOrder)({
    ...order,
    items: items.map((item) => ({ ...item, unitPrice: 1 })),
    currency: 'USD',
    deadlineMs: 60_000,
    paymentToken: 'tok_ok',
  });

/** What customers, approvers and operators may ask of an order, at any moment and any number of times. */
export const USER_ACTIONS = [
  'cancel',
  'approve',
  'reject',
  'retry the refund',
  'resolve the refund',
  'retry the cancellation',
  'resolve the cancellation',
  'retry the saga',
  'restock',
] as const;
export type UserAction = (typeof USER_ACTIONS)[number];

export interface AddressedCommand {
  readonly service: string;
  readonly command: Command;
}

export function commandFor(
  action: UserAction,
  { orderId, customerId }: Pick<PlaceOrderRequest, 'orderId' | 'customerId'>,
): AddressedCommand {
  const addressed = (service: string, type: string, data: object): AddressedCommand => {
    return { service, command: { kind: 'command', type, key: orderId, data: { orderId, ...data } } };
  };
  switch (action) {
    case 'cancel':
      return { service: 'order', command: CancelOrder({ orderId, customerId }) };
    case 'approve':
    case 'reject':
      return addressed('payment', 'DecideApproval', { decision: action });
    case 'retry the refund':
      return addressed('payment', 'RetryRefund', {});
    case 'resolve the refund':
      return addressed('payment', 'ResolveRefund', { reason: 'Bank transfer.' });
    case 'retry the cancellation':
      return addressed('shipping', 'RetryCancellation', {});
    case 'resolve the cancellation':
      return addressed('shipping', 'ResolveCancellation', { reason: 'It comes back.' });
    case 'retry the saga': {
      const command: Command = { kind: 'command', type: 'RetrySaga', key: orderId, data: { sagaId: orderId } };
      return { service: 'order', command };
    }
    case 'restock': {
      const data = { sku: SCARCE, quantity: 1 };
      return { service: 'inventory', command: { kind: 'command', type: 'Restock', key: SCARCE, data } };
    }
    default:
      return action satisfies never;
  }
}
