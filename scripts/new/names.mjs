import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findServices, otherPorts } from '../../infra/services/find.mjs';

/** Short enough for the names of a PostgreSQL role, a slot and a topic that are made of it. */
const NAME = /^[a-z][a-z0-9]{1,29}$/;

/** Names of parts that stand beside the services in every list: processes, containers, roles, variables. */
const OTHER_PARTS = new Set([...Object.keys(otherPorts), 'debezium', 'jaeger', 'launcher', 'database', 'template']);

/** Words of TypeScript, SQL and Prisma that a variable, a type, a table or a property of a client cannot be called. */
const RESERVED = new Set(
  [
    'abstract any as async await boolean break case catch class const constructor continue debugger declare default delete do',
    'else enum export extends false finally for function if implements import in infer instanceof interface is keyof let module',
    'namespace never new null number of package private protected prototype public readonly return static string super switch',
    'symbol then this throw true try type typeof undefined unique unknown var void while with yield',
    'partial pick prisma record repository required route omit',
  ].flatMap((words) => words.split(' ')),
);

/**
 * Why a service cannot have this name; undefined when it can.
 * @param {string} name
 * @param {string} root the project's folder
 * @returns {string | undefined}
 */
export function nameFault(name, root) {
  if (!NAME.test(name)) {
    return `"${name}" cannot be the name of a service: give 2 to 30 lower-case letters and digits, a letter first. It becomes a folder, a topic, a database and a type.`;
  }
  const folders = ['services', 'prisma', 'schemas/avro'].map((folder) => `${folder}/${name}`);
  const taken = folders.find((folder) => existsSync(path.join(root, folder)));
  if (taken !== undefined) return `There is a folder ${taken} already: give the service another name.`;
  const owner = packagesOf(root).get(`@troupe/${name}`) ?? packagesOf(root).get(`@troupe/${name}-database`);
  if (owner !== undefined) return `The package of ${owner} has the name @troupe/${name} already: give another name.`;
  if (OTHER_PARTS.has(name)) return `"${name}" is another part of the system: give the service another name.`;
  if (RESERVED.has(name) || pascal(name) in globalThis) {
    return `"${name}" is a reserved word of TypeScript, or a name of its library: give the service another name.`;
  }
  return undefined;
}

/**
 * Why a service cannot have this port; undefined when it can.
 * @param {number} port
 * @param {string} root
 */
export function portFault(port, root) {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return '--port takes a whole number from 1 to 65535.';
  const owner = portOwners(root).get(port);
  return owner === undefined ? undefined : `Port ${port} is the one of ${owner}: give another, or leave --port out.`;
}

/** The first port behind those of the services that nobody has. @param {string} root */
export function freePort(root) {
  const owners = portOwners(root);
  let port = Math.max(3000, ...findServices(root).map((service) => service.port)) + 1;
  while (owners.has(port)) port += 1;
  return port;
}

/** `loyalty` → `Loyalty` @param {string} name */
export const pascal = (name) => name.charAt(0).toUpperCase() + name.slice(1);

/** @param {string} root @returns {Map<number, string>} */
function portOwners(root) {
  const services = findServices(root).map(({ name, port }) => /** @type {const} */ ([port, name]));
  const others = Object.entries(otherPorts).map(([name, port]) => /** @type {const} */ ([port, name]));
  return new Map([...others, ...services]);
}

/** Names of the workspaces' packages, with their folders. @param {string} root @returns {Map<string, string>} */
function packagesOf(root) {
  const folders = ['.', 'services', 'prisma', 'infra'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => path.join(folder, entry.name)),
  );
  const found = folders.filter((folder) => existsSync(path.join(root, folder, 'package.json')));
  return new Map(
    found.map((folder) => [JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8')).name, folder]),
  );
}
