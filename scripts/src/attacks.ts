import { runCommand } from './terminal/command.ts';
import { runTests } from './test/run-tests.ts';

// npm run attacks: the tests that take long. Thousands of seeds of the simulation, planted bugs, failpoints, chaos, outages.
await runCommand(() => runTests('attacks'));
