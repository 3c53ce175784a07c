import { command, on, reactions, seconds } from '@troupe/chassis';
import {
  InventoryFailed,
  InventoryReleased,
  InventoryReserved,
  OrderCancelled,
  OrderConfirmed,
  PaymentCompleted,
  ShipmentFailed,
} from '@troupe/schemas';
import { styles } from '@troupe/shop';
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

const { choreographed, orchestrated } = styles<InventoryState>(({ reservation }) => reservation);

/**
 * Inventory reserves the units of a paid order, and releases them when a later step fails, or when the orchestrator
 * asks.
 */
export const inventoryReactions = reactions(inventory, [
  choreographed(
    on(PaymentCompleted, { emits: [InventoryReserved, InventoryFailed], within: seconds(10), react: reserve }),
    on(ShipmentFailed, { emits: [InventoryReleased], within: seconds(10), react: shipmentRefused }),
    on(OrderCancelled, { emits: [InventoryReleased], within: seconds(10), react: orderCancelled }),
  ),

  orchestrated(
    on(ReserveItems, { emits: [InventoryReserved, InventoryFailed], react: reserve }),
    on(ReleaseItems, { emits: [InventoryReleased], react: releaseOnRequest }),
  ),

  // In both styles.
  on(OrderConfirmed, { react: orderConfirmed }),
  on(Restock, { react: restock }),
]);
