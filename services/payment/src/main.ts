import { runService } from '@troupe/chassis';
import { paymentService } from './service.ts';

await runService(paymentService);
