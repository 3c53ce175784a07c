import type { ServiceDefinition } from '@troupe/chassis';
import { type Prisma, PrismaClient } from '@troupe/inventory-database';
import { actingCustomers } from '@troupe/shop';
import { inventoryApi } from './api.ts';
import type { InventoryState } from './inventory.ts';
import { inventoryReactions } from './reactions.ts';
import { type InventoryRow, inventoryRepository } from './repository.ts';

/** Inventory: the stock of each product, and one reservation for each order. */
export const inventoryService: ServiceDefinition<
  InventoryRow,
  InventoryState,
  Prisma.TransactionClient,
  PrismaClient,
  Record<never, never>
> = {
  table: inventoryReactions,
  repository: inventoryRepository,
  settings: {},
  database: (adapter) => new PrismaClient({ adapter, errorFormat: 'minimal' }),
  actors: actingCustomers,
  api: inventoryApi,
};
