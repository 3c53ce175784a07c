export { notificationReactions } from './reactions.ts';
export { notificationService } from './service.ts';
