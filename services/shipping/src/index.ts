export { shippingReactions } from './reactions.ts';
export { shippingService } from './service.ts';
