export { paymentReactions } from './reactions.ts';
export { paymentService } from './service.ts';
