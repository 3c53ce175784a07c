export { inventoryReactions } from './reactions.ts';
export { inventoryService } from './service.ts';
