import { runProjection } from '@troupe/chassis';
import { consoleService } from './console.ts';

await runProjection(consoleService);
