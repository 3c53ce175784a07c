export { type Order, type Recorded, replay } from './order.ts';
export { orderReactions } from './reactions.ts';
export { CancelOrder, PlaceOrder } from './rules.ts';
export { orderService } from './service.ts';
