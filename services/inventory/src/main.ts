import { runService } from '@troupe/chassis';
import { inventoryService } from './service.ts';

await runService(inventoryService);
