import type { Order } from '../../../order/src/domain/order.ts';
import {
  type Item,
  placement as placementOf,
  shelves,
  type Whim,
  wish as wishOf,
} from '../../../simulation/src/business/cast.ts';
import { standings as standingsOf } from '../../../simulation/src/business/standings.ts';
import type { AnyTable } from '../../../simulation/src/machine/service.ts';
import { type Message, Stage } from './stage.ts';
import type { World } from './world.ts';

export {
  APPROVAL_LIMIT,
  type Item,
  SCARCE,
  STOCK,
  tables,
  WHIMS,
  type Whim,
} from '../../../simulation/src/business/cast.ts';

const customerId = 'ada';

export function stagesOf(all: readonly AnyTable[]): readonly Stage[] {
  return all.map((table) => new Stage(table, table.service === 'inventory' ? shelves() : []));
}

export const placement = (orderId: string, items: readonly Item[], total: number): Message =>
  placementOf({ orderId, customerId, items, total });

export const wish = (whim: Whim, orderId: string): { readonly service: string; readonly command: Message } =>
  wishOf(whim, { orderId, customerId });

export interface Stock {
  readonly initial: number;
  readonly restocked: number;
  readonly available: number;
  readonly reserved: number;
  readonly shipped: number;
}

export const standings = (world: World, orderId: string) =>
  standingsOf(
    (service) => world.stage(service).rows,
    (row) => (row as Order | undefined)?.state.standing,
    orderId,
  );

export const stockOf = (world: World, sku: string): Stock => world.stage('inventory').rows.get(`stock/${sku}`) as Stock;
