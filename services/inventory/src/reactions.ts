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
import { orderCancelled, orderConfirmed, type RestockRequest, reserve, restock, shipmentRefused } from './inventory.ts';
import { inventory } from './repository.ts';

export const Restock = command('Restock', (request: RestockRequest) => request.sku);

/** Inventory sets the units of a paid order aside, and puts them back when a later step fails. */
export const inventoryReactions = reactions(inventory, [
  on(PaymentCompleted, { emits: [InventoryReserved, InventoryFailed], within: seconds(10), react: reserve }),
  on(ShipmentFailed, { emits: [InventoryReleased], within: seconds(10), react: shipmentRefused }),
  on(OrderCancelled, { emits: [InventoryReleased], react: orderCancelled }),
  on(OrderConfirmed, { react: orderConfirmed }),
  on(Restock, { react: restock }),
]);
