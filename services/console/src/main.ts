import { runConsole } from './console.ts';

await runConsole();
