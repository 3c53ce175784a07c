import type { Command } from '@troupe/chassis';
import { inventoryReactions } from '@troupe/inventory';
import { notificationReactions } from '@troupe/notification';
import { CancelOrder, orderReactions, PlaceOrchestrated, PlaceOrder } from '@troupe/order';
import { paymentReactions } from '@troupe/payment';
import { shippingReactions } from '@troupe/shipping';
import type { AnyTable, SimulatedService } from '../machine/service.ts';
import { REFUSED_BY_CARRIER } from './outside.ts';
import { orderStreams, rows } from './repositories.ts';

export const APPROVAL_LIMIT = 1_000;
export const SCARCE = 'SKU-050';
/** How long a person has to approve, and how long after its first refusal a refund or a cancellation is tried again. */
export const APPROVAL_TIMEOUT_MS = 900_000;
export const RETRY_MS = 5_000;

/** The real tables of all services, each with small limits. */
export const tables: readonly AnyTable[] = [
  orderReactions,
  paymentReactions({
    approvalLimitCents: APPROVAL_LIMIT,
    approvalTimeoutMs: APPROVAL_TIMEOUT_MS,
    refundRetryMs: RETRY_MS,
  }),
  inventoryReactions,
  shippingReactions({ cancelRetryMs: RETRY_MS }),
  notificationReactions,
];

/** Units of each product at the beginning. Of one there are too few for everybody. */
export const STOCK: Readonly<Record<string, number>> = { 'SKU-001': 100, [SCARCE]: 1, [REFUSED_BY_CARRIER]: 100 };

/** The same with what stands for their repositories. */
export const services: readonly SimulatedService[] = tables.map((table) => ({
  table,
  repository: table.service === 'order' ? orderStreams : rows,
  ...(table.service === 'inventory' && { rows: shelves() }),
}));

export function shelves(): readonly [string, unknown][] {
  return Object.entries(STOCK).map(([sku, units]) => {
    const row = { kind: 'stock', sku, initial: units, restocked: 0, available: units, reserved: 0, shipped: 0 };
    return [`stock/${sku}`, row];
  });
}

export interface Item {
  readonly sku: string;
  readonly quantity: number;
}

export interface Placing {
  readonly orderId: string;
  readonly customerId: string;
  readonly items: readonly Item[];
  readonly total: number;
  /** Whether an orchestrator runs it. Default: it dances. */
  readonly orchestrated?: boolean;
}

export const placement = ({ items, orchestrated = false, ...order }: Placing): Command =>
  (orchestrated ? PlaceOrchestrated : PlaceOrder)({
    ...order,
    items: items.map((item) => ({ ...item, unitPrice: 1 })),
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
  'retry the saga',
  'restock',
] as const;
export type Whim = (typeof WHIMS)[number];

export interface Wish {
  readonly service: string;
  readonly command: Command;
}

export function wish(whim: Whim, { orderId, customerId }: Pick<Placing, 'orderId' | 'customerId'>): Wish {
  const asked = (service: string, type: string, data: object): Wish => {
    return { service, command: { kind: 'command', type, key: orderId, data: { orderId, ...data } } };
  };
  switch (whim) {
    case 'cancel':
      return { service: 'order', command: CancelOrder({ orderId, customerId }) };
    case 'approve':
    case 'reject':
      return asked('payment', 'DecideApproval', { decision: whim });
    case 'retry the refund':
      return asked('payment', 'RetryRefund', {});
    case 'resolve the refund':
      return asked('payment', 'ResolveRefund', { reason: 'Bank transfer.' });
    case 'retry the cancellation':
      return asked('shipping', 'RetryCancellation', {});
    case 'resolve the cancellation':
      return asked('shipping', 'ResolveCancellation', { reason: 'It comes back.' });
    case 'retry the saga': {
      const command: Command = { kind: 'command', type: 'RetrySaga', key: orderId, data: { sagaId: orderId } };
      return { service: 'order', command };
    }
    case 'restock': {
      const data = { sku: SCARCE, quantity: 1 };
      return { service: 'inventory', command: { kind: 'command', type: 'Restock', key: SCARCE, data } };
    }
    default:
      return whim satisfies never;
  }
}
