export { PlaceOrchestrated } from './conducting.ts';
export { orderSagas } from './fulfilment.ts';
export { type Order, type Recorded, replay } from './order.ts';
export { type Participants, performersOf } from './participant-ports.ts';
export { orderReactions } from './reactions.ts';
export { CancelOrder, PlaceOrder } from './rules.ts';
export { orderService } from './service.ts';
