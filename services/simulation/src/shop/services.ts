import { type AnyTable, defaultTableOf, type TableSource } from '@troupe/chassis/internal';
import { inventoryReactions } from '@troupe/inventory';
import { notificationReactions } from '@troupe/notification';
import { orderReactions } from '@troupe/order';
import { paymentReactions } from '@troupe/payment';
import { definitionOf, serviceNames } from '@troupe/services';
import { shippingReactions } from '@troupe/shipping';
import type { SimulatedService } from '../system/simulated-service.ts';
import { REFUSED_BY_CARRIER } from './external-systems.ts';
import { orderStreams, rows } from './repositories.ts';

export const APPROVAL_LIMIT = 1_000;
export const SCARCE = 'SKU-050';
/** The time-out of an approval, and the delay of the first retry of a refused refund or cancellation. */
export const APPROVAL_TIMEOUT_MS = 900_000;
export const RETRY_MS = 5_000;

/** The production tables that the invariants of the shop are about, with small limits. */
const shop: readonly AnyTable[] = [
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

/** Services that take no part in the shop's rules run beside the others, with their default settings. */
const others = serviceNames.filter((name) => !shop.some(({ service }) => service === name));

/** The production tables of all services. */
export const tables: readonly AnyTable[] = [
  ...shop,
  ...(await Promise.all(others.map(async (name) => defaultTableOf((await definitionOf(name)) as TableSource)))),
];

/** Units of each product at the beginning. One product is scarce. */
export const STOCK: Readonly<Record<string, number>> = { 'SKU-001': 100, [SCARCE]: 1, [REFUSED_BY_CARRIER]: 100 };

export const initialStock = (): [string, unknown][] =>
  Object.entries(STOCK).map(([sku, units]) => {
    const row = { kind: 'stock', sku, initial: units, restocked: 0, available: units, reserved: 0, shipped: 0 };
    return [`stock/${sku}`, row];
  });

/** The services with what stands for their repositories. */
export const services: readonly SimulatedService[] = tables.map((table) => ({
  table,
  repository: table.service === 'order' ? orderStreams : rows,
  ...(table.service === 'inventory' && { rows: initialStock() }),
}));
