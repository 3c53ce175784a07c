import { requireCompose } from './containers/docker.ts';
import { bringImages } from './containers/images.ts';
import { interruption, reporter, runCommand } from './terminal/command.ts';
import { runJest } from './test/jest.ts';
import { DOCKER } from './test/kinds.ts';
import { Tally } from './test/tally.ts';

// npm run test:docker: the tests of the containers, on images that are built for them. Needs a Docker engine.
await runCommand(async () => {
  await requireCompose();
  const report = reporter();
  await bringImages(report, interruption(report));
  const tally = new Tally();
  tally.add('containers', await runJest([DOCKER], []));
  console.log(`\n${tally.table()}\n\n${tally.line()}`);
  if (tally.failed > 0) process.exitCode = 1;
});
