import { runService } from '@troupe/chassis';
import { players } from './players.ts';
import { definitions } from './services.ts';

// One of the services, as a process of its own: `node main.ts trips`, with the settings of any service.

const name = process.argv[2] ?? '';
const traveller = definitions(process.env.DESK_URL ?? '')[name];
const player = players[name];
if (traveller !== undefined) await runService(traveller);
else if (player !== undefined) await runService(player);
else throw new Error('Name one of the services: trips, flights, hotels, ping, pong or mended pong.');
