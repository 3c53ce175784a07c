import { runService } from '@troupe/chassis';
import { notificationService } from './service.ts';

await runService(notificationService);
