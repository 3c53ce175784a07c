// `npm run new -- service <name>`. Plain JavaScript, because it runs before the new packages are built.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeServices } from '../../infra/compose/write-services.mjs';
import { home } from '../../infra/services/find.mjs';
import { freePort, nameFault, pascal, portFault } from './names.mjs';

const USAGE = `Usage: npm run new -- service <name> [--port <n>]

Makes a service that builds, starts, migrates, and has its routes, health and tests:

  services/<name>/       its code and tests
  prisma/<name>/         its tables
  schemas/avro/<name>/   its events

It adds the service to the containers of infra/compose, too.
Topics, database, ports, relays, audit, simulation and everything else that treats all services alike find it there. Then
runs npm install, which links the two new packages; docs/add-a-service.md goes on from there.

  --port <n>      where it listens (default: the next one that is free)
  --no-install    leave npm install to you
  --help          this text`;

const templates = fileURLToPath(new URL('./service/', import.meta.url));

function main() {
  const asked = optionsFrom(process.argv.slice(2));
  if (asked.help) return console.log(USAGE);
  const [kind, name = '', ...more] = asked.positionals;
  if (kind !== 'service' || name === '' || more.length > 0) return fail(USAGE);
  const port = asked.port === undefined ? freePort(home) : Number(asked.port);
  const fault = nameFault(name, home) ?? portFault(port, home);
  if (fault !== undefined) return fail(fault);
  for (const file of scaffold(name, port)) console.log(`  ${file}`);
  writeServices();
  console.log(`Made the service ${name}, which listens on port ${port}.`);
  if (asked.install && install(name)) format(name);
}

/** @param {string[]} args */
function optionsFrom(args) {
  try {
    const { positionals, values } = parseArgs({
      args,
      allowPositionals: true,
      allowNegative: true,
      options: {
        port: { type: 'string' },
        install: { type: 'boolean', default: true },
        help: { type: 'boolean', default: false },
      },
    });
    return { positionals, ...values };
  } catch (error) {
    fail(`${/** @type {Error} */ (error).message}\n\n${USAGE}`);
    process.exit();
  }
}

/** Writes the files of a service, and says which. @param {string} name @param {number} port @returns {string[]} */
function scaffold(name, port) {
  const values = { name, Name: pascal(name), NAME: name.toUpperCase(), port: String(port), now: timestamp(new Date()) };
  const filled = (/** @type {string} */ text) =>
    text.replace(/__(name|Name|NAME|port|now)__/g, (_, key) => values[/** @type {keyof typeof values} */ (key)]);
  const files = readdirSync(templates, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.template'),
  );
  return files.sort().map((template) => {
    const file = filled(template.replace(/\.template$/, ''));
    mkdirSync(path.join(home, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(home, file), filled(readFileSync(path.join(templates, template), 'utf8')));
    return file;
  });
}

/** `20261130171500`, as Prisma names its migrations. @param {Date} date */
const timestamp = (date) => date.toISOString().replace(/\D/g, '').slice(0, 14);

/** Links the new packages. They need nothing that is not there, so that no network is needed either. @param {string} name */
function install(name) {
  const npm = process.env.npm_execpath?.endsWith('npm-cli.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const [program = 'npm', ...before] = npm;
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  const { status } = spawnSync(program, [...before, 'install', ...options], { cwd: home, stdio: 'inherit' });
  if (status !== 0) {
    fail('npm install failed; its reason is above. Run it again before you build.');
    return false;
  }
  console.log(
    `npm install has linked @troupe/${name} and @troupe/${name}-database. package-lock.json names them now: commit it with the rest.\n` +
      'Next: docs/add-a-service.md.',
  );
  return true;
}

/** The order of imports and the breaks of lines depend on the name. @param {string} name */
function format(name) {
  const biome = path.join(home, 'node_modules/.bin/biome');
  const { status, stderr } = spawnSync(biome, ['check', '--write', `services/${name}`, `prisma/${name}`], {
    cwd: home,
    encoding: 'utf8',
  });
  if (status !== 0) fail(`The new files could not be formatted; npm run format does it later.\n${stderr}`);
}

/** @param {string} message */
function fail(message) {
  console.error(message);
  process.exitCode = 1;
}

main();
