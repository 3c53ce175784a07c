import { requireEngine } from './containers/docker.ts';
import { runCommand } from './terminal/command.ts';
import { runJest } from './test/jest.ts';
import { DOCKER } from './test/kinds.ts';
import { Tally } from './test/tally.ts';

// npm run test:docker: the tests of the containers, on images that are built for them. Needs a Docker engine.
await runCommand(async () => {
  await requireEngine();
  const tally = new Tally();
  const only = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
  tally.add('containers', await runJest([DOCKER], only));
  console.log(`\n${tally.table()}\n\n${tally.line()}`);
  if (tally.failed > 0) process.exitCode = 1;
});
