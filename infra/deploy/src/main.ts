import { fileURLToPath } from 'node:url';
import { deploy } from './deployment.ts';
import { siteFrom } from './environment.ts';
import { StartError } from './start-error.ts';

// What a deployment runs once, before the services of this version start: the image troupe/setup. Ends with 78 when the
// environment cannot be used, and with 1 when a step fails; it may be run again.

const home = fileURLToPath(new URL('../../../', import.meta.url));
const wrongEnvironment = 78;

try {
  const site = siteFrom(process.env, home);
  await deploy(site, (line) => console.log(line));
  process.exit(0);
} catch (error) {
  console.error(error instanceof StartError ? error.faults.map((fault) => `✗ ${fault}`).join('\n') : error);
  process.exit(isOfEnvironment(error) ? wrongEnvironment : 1);
}

function isOfEnvironment(error: unknown): boolean {
  return error instanceof StartError && error.faults.every((fault) => /^[A-Z_]+ (is|has|names) /.test(fault));
}
