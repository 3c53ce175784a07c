import { inventoryReactions } from '../../../inventory/src/reactions.ts';
import { notificationReactions } from '../../../notification/src/reactions.ts';
import type { Order } from '../../../order/src/order.ts';
import { orderReactions } from '../../../order/src/reactions.ts';
import { CancelOrder, PlaceOrder } from '../../../order/src/rules.ts';
import { paymentReactions } from '../../../payment/src/reactions.ts';
import { shippingReactions } from '../../../shipping/src/reactions.ts';
import type { Message } from './stage.ts';
import { type AnyTable, Stage } from './stage.ts';
import type { World } from './world.ts';

export const APPROVAL_LIMIT = 1_000;
export const SCARCE = 'SKU-050';

/** The real tables of all services, each with small limits. */
export const tables: readonly AnyTable[] = [
  orderReactions,
  paymentReactions({ approvalLimitCents: APPROVAL_LIMIT, approvalTimeoutMs: 900_000, refundRetryMs: 5_000 }),
  inventoryReactions,
  shippingReactions({ cancelRetryMs: 5_000 }),
  notificationReactions,
];

/** Units of each product at the beginning. Of one there are too few for everybody. */
export const STOCK: Readonly<Record<string, number>> = { 'SKU-001': 100, [SCARCE]: 1, 'SKU-100': 100 };

export function stagesOf(all: readonly AnyTable[]): readonly Stage[] {
  return all.map((table) => new Stage(table, table.service === 'inventory' ? shelves() : []));
}

function shelves(): [string, unknown][] {
  return Object.entries(STOCK).map(([sku, units]) => {
    const row = { kind: 'stock', sku, initial: units, restocked: 0, available: units, reserved: 0, shipped: 0 };
    return [`stock/${sku}`, row];
  });
}

export interface Item {
  readonly sku: string;
  readonly quantity: number;
}

export const placement = (orderId: string, items: readonly Item[], total: number): Message =>
  PlaceOrder({
    orderId,
    customerId: 'ada',
    items: items.map((item) => ({ ...item, unitPrice: 1 })),
    total,
    currency: 'USD',
    deadlineMs: 60_000,
    paymentToken: 'tok_ok',
  });

/** What clients may wish for an order, at any moment and as often as they like. */
export const WHIMS = [
  'cancel',
  'approve',
  'reject',
  'retry the refund',
  'resolve the refund',
  'retry the cancellation',
  'resolve the cancellation',
  'restock',
] as const;
export type Whim = (typeof WHIMS)[number];

export function wish(whim: Whim, orderId: string): { readonly service: string; readonly command: Message } {
  const payment = (type: string, data: object) => {
    return { service: 'payment', command: { type, key: orderId, data: { orderId, ...data } } };
  };
  const shipping = (type: string, data: object) => {
    return { service: 'shipping', command: { type, key: orderId, data: { orderId, ...data } } };
  };
  switch (whim) {
    case 'cancel':
      return { service: 'order', command: CancelOrder({ orderId, customerId: 'ada' }) };
    case 'approve':
    case 'reject':
      return payment('DecideApproval', { decision: whim });
    case 'retry the refund':
      return payment('RetryRefund', {});
    case 'resolve the refund':
      return payment('ResolveRefund', { reason: 'Bank transfer.' });
    case 'retry the cancellation':
      return shipping('RetryCancellation', {});
    case 'resolve the cancellation':
      return shipping('ResolveCancellation', { reason: 'It comes back.' });
    case 'restock':
      return { service: 'inventory', command: { type: 'Restock', key: SCARCE, data: { sku: SCARCE, quantity: 1 } } };
    default:
      return whim satisfies never;
  }
}

export interface Stock {
  readonly initial: number;
  readonly restocked: number;
  readonly available: number;
  readonly reserved: number;
  readonly shipped: number;
}

/** Where every service stands with an order; `nothing` where it knows nothing of it. */
export function standings(world: World, orderId: string) {
  const status = (service: string, key = orderId) =>
    (world.stage(service).rows.get(key) as { status?: string } | undefined)?.status ?? 'nothing';
  const order = world.stage('order').rows.get(orderId) as Order | undefined;
  return {
    order: order?.state.standing.status ?? 'nothing',
    payment: status('payment'),
    reservation: status('inventory', `reservation/${orderId}`),
    shipment: status('shipping'),
  };
}

export const stockOf = (world: World, sku: string): Stock => world.stage('inventory').rows.get(`stock/${sku}`) as Stock;
