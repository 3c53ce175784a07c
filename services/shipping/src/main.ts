import { runService } from '@troupe/chassis';
import { shippingService } from './service.ts';

await runService(shippingService);
