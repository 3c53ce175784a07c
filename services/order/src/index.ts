export { orderReactions } from './reactions.ts';
export { orderService } from './service.ts';
