import { runService } from '@troupe/chassis';
import { definitions } from './services.ts';

// One of the services, as a process of its own: `node main.ts trips`, with the settings of any service.

const definition = definitions(process.env.DESK_URL ?? '')[process.argv[2] ?? ''];
if (definition === undefined) throw new Error('Name one of the services: trips, flights or hotels.');
await runService(definition);
