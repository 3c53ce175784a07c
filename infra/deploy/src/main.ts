import { fileURLToPath } from 'node:url';
import { deploy } from './deployment.ts';
import { EnvironmentError, siteFrom } from './environment.ts';
import { StartError } from './start-error.ts';

// What a deployment runs once, before the services of this version start: the image troupe/setup. Ends with 78 when the
// environment cannot be used, and with 1 when a step fails; it may be run again.

const home = fileURLToPath(new URL('../../../', import.meta.url));

try {
  await deploy(siteFrom(process.env, home), (line) => console.log(line));
  process.exit(0);
} catch (error) {
  console.error(error instanceof StartError ? error.faults.map((fault) => `✗ ${fault}`).join('\n') : error);
  process.exit(error instanceof EnvironmentError ? 78 : 1);
}
