import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { docker } from '../../../scripts/src/containers/docker.ts';
import { imageName, targets } from '../../../scripts/src/images/targets.ts';

// The images as they were built; `npm run test:docker` builds them first.

interface Image {
  readonly Size: number;
  readonly Config: {
    readonly User: string;
    readonly StopSignal: string;
    readonly Entrypoint: readonly string[];
    readonly Healthcheck?: { readonly Test: readonly string[] };
    readonly Labels: Readonly<Record<string, string>>;
    readonly Env: readonly string[];
  };
  readonly RootFS: { readonly Layers: readonly string[] };
}

const names = targets.map(({ name }) => name);
const processes = names.filter((name) => name !== 'setup');
const services = processes.filter((name) => name !== 'sandbox');
/** What an image may add to its base: twice what it did when this was written. */
const LARGEST_OWN_PART = 100_000_000;
/** As compose starts it: nothing may be written, and no right of the kernel's is left. */
const locked = ['--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];
const nowhere = {
  DATABASE_URL: 'postgresql://a:b@127.0.0.1:1/a',
  KAFKA_BROKERS: '127.0.0.1:1',
  REGISTRY_URL: 'http://127.0.0.1:1/apis/ccompat/v7',
};

const started: string[] = [];
afterAll(async () => {
  if (started.length > 0) await docker(['rm', '--force', '--volumes', ...started]);
});

async function imageOf(name: string): Promise<Image> {
  const [image] = JSON.parse(await docker(['image', 'inspect', name])) as [Image];
  return image;
}

async function start(name: string, env: Readonly<Record<string, string>>, ...words: string[]): Promise<string> {
  const settings = Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  const id = (await docker(['run', '--detach', ...locked, ...settings, imageName(name), ...words])).trim();
  started.push(id);
  return id;
}

const exitCodeOf = async (id: string): Promise<number> => Number(await docker(['wait', id]));

describe.each(names)('the image of %s', (name) => {
  it('runs Node as a user who is not root, tells how it does, and says what it is', async () => {
    const { Config } = await imageOf(imageName(name));
    expect(Config).toMatchObject({ User: '10001:10001', StopSignal: 'SIGTERM' });
    expect(Config.Entrypoint[0]).toBe('node');
    expect(Config.Healthcheck?.Test[0]).toBe(name === 'setup' ? 'NONE' : 'CMD');
    expect(Config.Labels).toMatchObject({
      'org.opencontainers.image.title': expect.stringContaining('Troupe'),
      'org.opencontainers.image.licenses': 'Apache-2.0',
      'org.opencontainers.image.revision': expect.stringMatching(/^[0-9a-f]{40}(-changed)?$/),
      'org.opencontainers.image.version': expect.stringMatching(/^\d+\.\d+\.\d+$/),
    });
    expect(Config.Env.filter((variable) => /PASSWORD|SECRET|TOKEN|DATABASE/.test(variable))).toEqual([]);
  });

  it('adds little to its base, and has nothing of the build', async () => {
    const base = /^ARG BASE=(.+)$/m.exec(readFileSync(new URL('../Dockerfile', import.meta.url), 'utf8'))?.[1] ?? '';
    const [image, below] = [await imageOf(imageName(name)), await imageOf(base)];
    expect(image.Size - below.Size).toBeLessThan(LARGEST_OWN_PART);
    expect(image.RootFS.Layers.slice(0, below.RootFS.Layers.length)).toEqual(below.RootFS.Layers);
    const unwanted = ['*.ts', '*.map', '.env*', '.npmrc', 'test', 'typescript', 'prisma-client', 'jest', 'chromium'];
    const words = unwanted.flatMap((pattern) => ['-o', '-name', pattern]).slice(1);
    const found = await docker([
      'run',
      '--rm',
      '--entrypoint',
      'find',
      imageName(name),
      '/troupe',
      '-maxdepth',
      '6',
      ...words,
    ]);
    expect(found.split('\n').filter((file) => file !== '' && !file.includes('/node_modules/'))).toEqual([]);
    expect(found).not.toMatch(/node_modules\/(typescript|jest|prisma)$/m);
  });
});

describe('layers', () => {
  it('below the own files of services and console are the same, so that a machine has them once', async () => {
    const layers = await Promise.all(
      services.map(async (name) => (await imageOf(imageName(name))).RootFS.Layers.slice(0, -1)),
    );
    for (const shared of layers) expect(shared).toEqual(layers[0]);
  });
});

describe.each([...services, 'setup'])('a container of %s', (name) => {
  it('that lacks its environment says so, and ends with 78', async () => {
    const id = await start(name, {});
    expect(await exitCodeOf(id)).toBe(78);
  });
});

describe.each(services)('a container of %s without anything around it', (name) => {
  it('waits, is not ready, and ends with 0 when it is told to', async () => {
    const id = await start(name, { ...nowhere, ...partners });
    await untilAlive(id);
    await expect(docker(['exec', id, 'node', 'infra/images/health.mjs'])).rejects.toThrow('503');
    await docker(['stop', '--time', '20', id]);
    expect(await exitCodeOf(id)).toBe(0);
  });
});
const partners = Object.fromEntries(
  [...services, 'provider', 'carrier', 'mailbox', 'payment_provider'].map((name) => [
    `${name.toUpperCase()}_URL`,
    'http://127.0.0.1:1',
  ]),
);

describe.each(['provider', 'carrier', 'mailbox'])('a container of the sandbox with %s', (name) => {
  it('is healthy, keeps its books in its volume, and ends with 0 when it is told to', async () => {
    const id = await start('sandbox', {}, `${name}.js`);
    await untilAlive(id);
    await docker(['exec', id, 'node', '/troupe/infra/images/health.mjs']);
    await docker(['stop', '--time', '10', id]);
    expect(await exitCodeOf(id)).toBe(0);
  });
});

/** Until its process answers, whatever it answers. */
async function untilAlive(id: string): Promise<void> {
  const end = Date.now() + 60_000;
  const alive = `fetch('http://127.0.0.1:3000/livez').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`;
  for (;;) {
    const answer = await docker(['exec', id, 'node', '-e', alive]).catch((error: Error) => error);
    if (!(answer instanceof Error)) return;
    if (Date.now() > end) throw answer;
    await sleep(500);
  }
}
