export { orderSagas } from './domain/fulfilment.ts';
export { type Order, type Recorded, replay } from './domain/order.ts';
export { CancelOrder, PlaceOrder } from './domain/rules.ts';
export { PlaceOrchestrated } from './orchestrated/orchestrating.ts';
export { type Participants, performersOf } from './orchestrated/participant-ports.ts';
export { orderReactions } from './reactions.ts';
export { orderService } from './service.ts';
