import { command, on, participant, reactions, seconds } from '@troupe/chassis';
import {
  InventoryFailed,
  InventoryReleased,
  InventoryReserved,
  OrderCancelled,
  OrderConfirmed,
  PaymentCompleted,
  ShipmentFailed,
} from '@troupe/schemas';
import {
  type InventoryState,
  orderCancelled,
  orderConfirmed,
  ReleaseItems,
  ReserveItems,
  type RestockRequest,
  releaseOnRequest,
  reserve,
  restock,
  shipmentRefused,
} from './inventory.ts';
import { inventory } from './repository.ts';

export const Restock = command('Restock', (request: RestockRequest) => request.sku);

const { choreographed, orchestrated } = participant<InventoryState>(({ reservation }) => reservation);

/**
 * Inventory reserves the units of a paid order, and releases them when a later step fails, or when the orchestrator
 * asks.
 */
export const inventoryReactions = reactions(inventory, [
  on(PaymentCompleted, {
    emits: [InventoryReserved, InventoryFailed],
    within: seconds(10),
    react: choreographed(reserve),
  }),
  on(ReserveItems, { emits: [InventoryReserved, InventoryFailed], react: orchestrated(reserve) }),
  on(ShipmentFailed, { emits: [InventoryReleased], within: seconds(10), react: choreographed(shipmentRefused) }),
  on(OrderCancelled, { emits: [InventoryReleased], react: choreographed(orderCancelled) }),
  on(ReleaseItems, { emits: [InventoryReleased], react: orchestrated(releaseOnRequest) }),
  on(OrderConfirmed, { react: orderConfirmed }),
  on(Restock, { react: restock }),
]);
