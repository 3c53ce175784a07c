import { requireEngine } from './containers/docker.ts';
import { type Built, build, labels } from './images/build.ts';
import { targets } from './images/targets.ts';
import { interruption, outputOf, runCommand } from './terminal/command.ts';
import { readOptions, someOf } from './terminal/options.ts';

const names = targets.map(({ name }) => name);

const USAGE = `Usage: npm run images -- [options]

Builds the images of Troupe with Docker: ${names.map((name) => `troupe/${name}`).join(', ')}.
Their tag is TROUPE_TAG (default dev). infra/images/README.md says how each is run.

  --only <names>     only these, separated by commas
  --base <image>     the image below, instead of that of infra/images/Dockerfile: Debian with Node and npm
  --network <name>   the network of the build; host where that of containers does not reach npm's registry
  --json             the result as one JSON document on standard output, everything else on standard error
  --help             this text`;

await runCommand(async () => {
  const options = readOptions(USAGE, {
    only: { type: 'string', default: '' },
    base: { type: 'string' },
    network: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const { report, result } = outputOf(options.json);
  const only = someOf('only', names, options.only);
  const signal = interruption(report);
  await requireEngine();
  const building = { base: options.base, network: options.network, labels: await labels(), signal };
  const orInterrupted = (error: unknown): never => {
    signal.throwIfAborted();
    throw error;
  };
  const built: Built[] = [];
  for (const target of targets.filter(({ name }) => only.length === 0 || only.includes(name))) {
    const step = report.step(`troupe/${target.name}`, (update) => build(target, building, update));
    built.push(await step.catch(orInterrupted));
  }
  result({ ok: true, images: built }, built.map(line));
});

function line({ image, bytes, seconds }: Built): string {
  return `${image.padEnd(28)} ${(bytes / 1e6).toFixed(0).padStart(4)} MB   built in ${seconds.toFixed(0)} s`;
}
