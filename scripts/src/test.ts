import { runCommand } from './terminal/command.ts';
import { runTests } from './test/run-tests.ts';

// npm test: types, lint, unit, property, integration and end-to-end tests. `npm test -- batch-loop` runs only the test files
// whose path contains `batch-loop`.
await runCommand(() => runTests('test'));
