import type { AnyTable } from '@troupe/chassis/internal';
import type { Order } from '../../../order/src/domain/order.ts';
import { statusesOf } from '../../../simulation/src/shop/order-statuses.ts';
import { initialStock } from '../../../simulation/src/shop/services.ts';
import {
  commandFor,
  type Item,
  placeOrderCommand,
  type UserAction,
} from '../../../simulation/src/workload/user-actions.ts';
import { type Message, ServiceModel } from './service-model.ts';
import type { World } from './world.ts';

export { APPROVAL_LIMIT, SCARCE, STOCK, tables } from '../../../simulation/src/shop/services.ts';
export { type Item, USER_ACTIONS, type UserAction } from '../../../simulation/src/workload/user-actions.ts';

const customerId = 'ada';

export function modelsOf(all: readonly AnyTable[]): readonly ServiceModel[] {
  return all.map((table) => new ServiceModel(table, table.service === 'inventory' ? initialStock() : []));
}

export const placeOrder = (orderId: string, items: readonly Item[], total: number): Message =>
  placeOrderCommand({ orderId, customerId, items, total });

export const actionCommand = (
  action: UserAction,
  orderId: string,
): { readonly service: string; readonly command: Message } => commandFor(action, { orderId, customerId });

export interface Stock {
  readonly initial: number;
  readonly restocked: number;
  readonly available: number;
  readonly reserved: number;
  readonly shipped: number;
}

export const orderStatuses = (world: World, orderId: string) =>
  statusesOf(
    (service) => world.model(service).rows,
    (row) => (row as Order | undefined)?.state.standing,
    orderId,
  );

export const stockOf = (world: World, sku: string): Stock => world.model('inventory').rows.get(`stock/${sku}`) as Stock;
