import { existsSync } from 'node:fs';
import { findServices } from './infra/services/find.mjs';

// Which code may import which. `npm run lint` and `npm test` hold it. Types count as imports: who needs a type of another
// folder depends on it.

/**
 * The rooms of the chassis from the bottom to the top. A room may import itself and the rooms before it. A room that does
 * not exist yet is skipped.
 */
export const ROOMS = [
  'rules',
  'process',
  'configuration',
  'telemetry',
  'postgres',
  'kafka',
  'incoming',
  'tables',
  'outbox',
  'retention',
  'ports',
  'tasks',
  'dead-letters',
  'batch',
  'http',
  'operations',
  'service',
];

const services = findServices()
  .map(({ name }) => name)
  .join('|');
/** Code of this repository: a file, or a package by its name, which is all that is seen of it. */
const OURS = '^(services|schemas|prisma|infra|scripts)/|^@troupe/';

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const forbidden = [
  {
    name: 'service-stands-alone',
    comment:
      'A service imports the chassis, schemas, its own database client and the words of the shop. It learns of other services by their events.',
    severity: 'error',
    from: { path: `^services/(${services})/src/` },
    to: {
      path: OURS,
      pathNot: ['^services/$1/src/', '^@troupe/(chassis|schemas|shop|$1-database)$'],
    },
  },
  knowsOnly('schemas', {
    name: 'chassis-knows-schemas-only',
    comment: 'The chassis serves any domain: it imports schemas and nothing else of this repository.',
    folder: 'services/chassis/src',
  }),
  {
    name: 'simulation-runs-any-trade',
    comment:
      'What runs in the simulation takes its services as a list: only its shop, workload, invariants and run know orders.',
    severity: 'error',
    from: { path: '^services/simulation/src/(world|broker|database|system|trade)/' },
    to: {
      path: [OURS, '^services/simulation/src/(shop|workload|invariants|run)/'],
      pathNot: [
        '^services/simulation/src/(world|broker|database|system|trade|bugs)/',
        '^@troupe/(chassis|schemas)(/internal)?$',
      ],
    },
  },
  {
    name: 'choreography-reads-tables',
    comment:
      'The map is read from the tables of the services and from the schemas. It starts nothing and reaches no database.',
    severity: 'error',
    from: { path: '^services/choreography/src/' },
    to: {
      path: OURS,
      pathNot: ['^services/choreography/src/', `^@troupe/(chassis|schemas|shop|services|${services})(/internal)?$`],
    },
  },
  {
    name: 'console-reads',
    comment:
      'The console is no participant: it hears what everybody says, asks services over HTTP, and imports none of them.',
    severity: 'error',
    from: { path: '^services/console/src/' },
    to: {
      path: OURS,
      pathNot: [
        '^services/console/src/',
        '^@troupe/(chassis|schemas|services|choreography)(/(internal|graph))?$',
        '^@troupe/console-database$',
      ],
    },
  },
  knowsOnly('chassis|schemas', {
    name: 'shop-has-words-only',
    comment: 'What the services of the shop share is words and no service: it imports the chassis and schemas.',
    folder: 'services/shop/src',
  }),
  {
    name: 'database-of-its-own',
    comment: "A service's database is reached by that service alone. Others hear its events, or ask it over HTTP.",
    severity: 'error',
    from: { path: '^(schemas|infra|scripts|services)/', pathNot: [`^services/(${services}|console)/`, '/test/'] },
    to: { path: '^prisma/|^@troupe/[a-z0-9]+-database$' },
  },
  {
    name: 'kafkajs-has-one-place',
    comment: 'In a service kafkajs has one place, services/chassis/src/kafka, so that another client can take it.',
    severity: 'error',
    from: { pathNot: ['^services/chassis/src/kafka/', '^infra/(audit|deploy|embedded)/', '^scripts/', '/test/'] },
    to: { path: '(^|node_modules/)kafkajs(/|$)' },
  },
  {
    name: 'packages-by-their-name',
    comment: 'Import another package by its name, and only what it exports.',
    severity: 'error',
    from: { path: '^(services/[^/]+|infra/[^/]+|schemas|scripts)/src/' },
    to: { path: '/(src|dist)/', pathNot: ['^$1/', '^node_modules/'] },
  },
  {
    name: 'no-circles',
    comment:
      'Files that import each other can only be understood together. Move what both need into a file of its own.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  ...roomRules(ROOMS.filter((room) => existsSync(`services/chassis/src/${room}`))),
  ...roomRules(['model', 'moves', 'shop', 'bugs', 'explore', 'run'], 'services/prover'),
  ...roomRules(['map', 'walk', 'ways', 'checks', 'changes', 'documents'], 'services/choreography'),
  ...roomRules(
    ['contract', 'saga', 'board', 'store', 'reading', 'tracing', 'asking', 'acts', 'trying', 'live', 'api'],
    'services/console',
  ),
];

/**
 * A folder that imports of this repository these packages and nothing else.
 * @param {string} packages their names, with | between them
 * @param {{ name: string, comment: string, folder: string }} rule
 */
function knowsOnly(packages, { name, comment, folder }) {
  const own = `^${folder}/`;
  return {
    name,
    comment,
    severity: 'error',
    from: { path: own },
    to: { path: OURS, pathNot: [own, `^@troupe/(${packages})$`] },
  };
}

/** @param {readonly string[]} rooms from the bottom to the top @param {string} house */
export function roomRules(rooms, house = 'services/chassis') {
  return rooms.map((room, at) => ({
    name: `room-${room}`,
    comment: `${room} imports itself${at === 0 ? '' : ` and the rooms below: ${rooms.slice(0, at).join(', ')}`}.`,
    severity: 'error',
    from: { path: `^${house}/src/${room}/` },
    to: {
      path: `^${house}/src/`,
      pathNot: rooms.slice(0, at + 1).map((lower) => `^${house}/src/${lower}/`),
    },
  }));
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden,
  options: {
    // TypeScript 7 has no compiler in JavaScript that could be asked; swc reads the same imports.
    parser: 'swc',
    doNotFollow: { path: ['node_modules', '/dist/'] },
    // swc reads no JSX here. What the console's page may import is in biome.json.
    exclude: { path: ['/generated/', '^node_modules/(?!kafkajs/)', '^services/console/web/'] },
  },
};
