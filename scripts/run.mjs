// Every command of the project: `node scripts/run.mjs <command>`, or `npm start` and the like. Plain JavaScript without
// dependencies, since it runs before anything is installed or built. It sets up what is missing, then runs
// scripts/dist/src/<command>.js.
import { existsSync } from 'node:fs';
import { findServices, otherPorts } from '../infra/services/find.mjs';
import { prepare } from './setup.mjs';

const commands = {
  start:
    'start everything and keep it running until Ctrl-C; --docker runs PostgreSQL, Kafka and registry in containers',
  demo: 'tell the stories of an order on a running system; --orchestrated tells them with an orchestrator',
  watch: 'follow all events live; --order <id> follows one order',
  console: 'rebuild: make what the console shows anew from the topics, while everything runs',
  bench: 'measure throughput, latency, CPU and memory; --peers other systems beside it; --json for machines',
  compare: 'run the same orders without and with an orchestrator, side by side; --json for machines',
  audit: 'check that money, stock, orders and deliveries agree, on a running system; --json for machines',
  choreography:
    'print who hears what and what follows from it; --check judges it, --write writes its documents, --since <revision>',
  schemas:
    'check each released schema against every service that reads it; --lock takes changed ones in, --against-topics reads the records',
  sim: 'play orders on a simulated system in which anything may go wrong; --seeds <n>, --seed <n>',
  prove: 'explore one order completely, and two that compete: every state, every end; --bug, --trace',
  failpoints: 'kill each service at each named moment, then audit',
  chaos: 'orders under faults drawn by a seed, then audit; --minutes, --seed',
  soak: 'orders at a steady pace for a long time: what grows that should not? --minutes, --rate',
  mutants: 'change the code in small ways and see whether a test notices; --only <part>',
  pictures: 'make the pictures of the README from the running console, light and dark',
  images: 'build the images of the services, the console and what is around them, with Docker; --only <names>',
  test: 'run checks and tests, ten minutes; with words only the test files whose path has one of them',
  attacks: 'run the tests that take long: thousands of seeds, planted bugs, failpoints, chaos, outages',
  'test-docker': 'run the tests of the containers on a Docker engine: npm run test:docker',
  reset: 'delete the data; --cache deletes the downloads as well',
  teststack: 'start PostgreSQL, Kafka and registry on free ports, for integration tests that are run by hand',
};

const parts = [
  ...findServices().map(({ name }) => name),
  ...Object.keys(otherPorts).map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter}`)),
];
const usage = `Usage: node scripts/run.mjs <command> [options]     or: npm start, npm run <command> -- [options]

${Object.entries(commands)
  .map(([name, text]) => `  ${name.padEnd(12)} ${text}`)
  .join('\n')}

Settings are environment variables: TROUPE_DATA_DIR (default .troupe/data), TROUPE_CACHE_DIR (default ~/.cache/troupe),
and the ports:
${parts.map((part) => `  TROUPE_${part.toUpperCase()}_PORT`).join('\n')}
npm start -- --help explains each, once something was built.`;

const hasOwnHelp = new Set([
  'start',
  'demo',
  'watch',
  'console',
  'bench',
  'compare',
  'audit',
  'choreography',
  'schemas',
  'sim',
  'prove',
  'failpoints',
  'chaos',
  'soak',
  'mutants',
  'pictures',
  'images',
  'reset',
]);
const oldestNode = [20, 19];

function nodeIsTooOld() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
}

function tellUsage() {
  console.log(usage);
  process.exit(0);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

const [command = '--help', ...options] = process.argv.slice(2);
if (nodeIsTooOld()) {
  fail(
    `Node.js ${oldestNode.join('.')} or newer is needed, and this is ${process.versions.node}. Install one from https://nodejs.org.`,
  );
}
if (['help', '--help', '-h'].includes(command)) tellUsage();
if (!Object.keys(commands).includes(command)) fail(`There is no command "${command}".\n\n${usage}`);

const program = new URL(`./dist/src/${command}.js`, import.meta.url);
const asksForHelp = options.some((option) => ['--help', '-h'].includes(option));
// A command with options explains them itself, once it is built; nothing is installed for a question.
if (asksForHelp && !(hasOwnHelp.has(command) && existsSync(program))) tellUsage();

try {
  if (!asksForHelp) prepare();
} catch (error) {
  fail(error.message);
}

if (!existsSync(program)) fail(`The command "${command}" was not built: scripts/src/${command}.ts is missing.`);
// The program sees its options as if it had been called itself.
process.argv.splice(2, 1);
await import(program.href);
