import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const home = fileURLToPath(new URL('../../', import.meta.url)).replace(/[/\\]$/, '');

/**
 * A service of the system: its name is its folder in services/, prisma/ and schemas/avro/, and its package is
 * `@troupe/<name>`. `doc` is the description of its package: what it does, in a sentence.
 * @typedef {{ readonly name: string, readonly port: number, readonly doc: string }} Service
 */

/** The ports of whatever is no service, and so names that a service cannot have. */
export const otherPorts = {
  console: 3000,
  provider: 3011,
  carrier: 3012,
  smtp: 3025,
  mailbox: 3026,
  registry: 8081,
  connect: 8083,
  kafka: 9092,
  kafkaController: 9093,
  postgres: 54320,
};

/**
 * Every service, by port. A folder of services/ is a service when its package.json says on which port it listens:
 * `"troupe": { "port": 3001 }`. There is no other list.
 * Plain JavaScript, because it is read before anything is installed or built.
 * @param {string} [root] the project's folder
 * @returns {Service[]}
 * @throws {Error} with a sentence for each package.json that cannot be used
 */
export function findServices(root = home) {
  /** @type {string[]} */
  const faults = [];
  const services = readdirSync(path.join(root, 'services'))
    .flatMap((name) => serviceIn(root, name, faults))
    .sort((one, other) => one.port - other.port || one.name.localeCompare(other.name));
  for (const [at, { name, port }] of services.entries()) {
    const before = services[at - 1];
    if (before?.port !== port) continue;
    faults.push(`services/${name}/package.json: port ${port} is the one of ${before.name}. Give each service its own.`);
  }
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return services;
}

/** @param {string} root @param {string} name @param {string[]} faults */
function serviceIn(root, name, faults) {
  const file = path.join(root, 'services', name, 'package.json');
  if (!existsSync(file)) return [];
  const { troupe, description: doc = '' } = JSON.parse(readFileSync(file, 'utf8'));
  if (troupe === undefined) return [];
  const { port } = troupe;
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return [{ name, port, doc }];
  faults.push(
    `services/${name}/package.json: "troupe" has the port ${JSON.stringify(port)}. Give a whole number from 1 to 65535.`,
  );
  return [];
}
