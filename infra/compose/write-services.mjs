// Writes what compose has to know of each service: `node infra/compose/write-services.mjs`, which `npm run new` calls.
// With `--check` it writes nothing, names what is not as it would be written, and ends with 1 when there is any.
// Compose finds nothing by itself, and has to start from a clone without Node. Plain JavaScript: nothing may be built yet.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findServices, home } from '../services/find.mjs';

/** @typedef {import('../services/find.mjs').Service} Service */

const NOTE = '# Written by infra/compose/write-services.mjs from services/*/package.json; change those instead.\n';

/**
 * The files, by their paths in infra/compose.
 * @param {readonly Service[]} services
 * @returns {Record<string, string>}
 */
function serviceFiles(services) {
  return {
    'services.yaml': `${NOTE}services:\n${deployment(services)}\n${services.map(container).join('\n')}`,
    'passwords.env': `${NOTE}${services.map(password).join('')}`,
    'addresses.env': `${NOTE}${services.map(({ name, port }) => `${name.toUpperCase()}_URL=http://${name}:${port}\n`).join('')}`,
    'prometheus/services.yml': `${NOTE}scrape_configs:\n${services.map(scraped).join('\n')}`,
  };
}

/** @param {string} name of a service, or the console */
const databaseUrl = (name) => `postgresql://troupe_${name}:\${DATABASE_PASSWORD:-troupe}@postgres:5432/troupe_${name}`;

/** @param {readonly Service[]} services */
const deployment = (services) => `  setup:
    extends: { file: processes.yaml, service: setup }
    environment: &databases
${[...services.map(({ name }) => name), 'console']
  .map((name) => `      ${name.toUpperCase()}_DATABASE_URL: ${databaseUrl(name)}\n`)
  .join('')}
  connectors:
    extends: { file: processes.yaml, service: connectors }
    environment: *databases
`;

/** For Debezium, whose connectors name them. The launcher has passwords of its own. @param {Service} service */
const password = ({ name }) =>
  `TROUPE_${name.toUpperCase()}_PASSWORD=\${TROUPE_${name.toUpperCase()}_PASSWORD:-\${DATABASE_PASSWORD:-troupe}}\n`;

/** @param {Service} service */
const container = ({ name, port }) => `  ${name}:
    extends: { file: processes.yaml, service: service }
    image: troupe/${name}:\${TROUPE_TAG:-dev}
    build: { target: service, args: { SERVICE: ${name} } }
    environment:
      PORT: ${port}
      DATABASE_URL: ${databaseUrl(name)}
    ports:
      - 127.0.0.1:\${TROUPE_${name.toUpperCase()}_PORT:-${port}}:${port}
`;

/** A name of compose stands for all instances of a service. @param {Service} service */
const scraped = ({ name, port }) => `  - job_name: ${name}
    dns_sd_configs:
      - { names: [${name}], type: A, port: ${port} }
`;

const here = path.join(home, 'infra/compose');
const isCalled = process.argv[1] === path.join(here, 'write-services.mjs');
if (isCalled && process.argv.includes('--check')) check();
else if (isCalled) writeServices();

/** Brings the files up to the services that there are. */
export function writeServices() {
  for (const [file, text] of Object.entries(serviceFiles(findServices()))) writeFileSync(path.join(here, file), text);
}

function check() {
  for (const [file, text] of Object.entries(serviceFiles(findServices()))) {
    if (readFileSync(path.join(here, file), 'utf8') === text) continue;
    console.error(`infra/compose/${file} is not as node infra/compose/write-services.mjs writes it: run that.`);
    process.exitCode = 1;
  }
}
