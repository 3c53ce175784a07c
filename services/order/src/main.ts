import { runService } from '@troupe/chassis';
import { orderService } from './service.ts';

await runService(orderService);
