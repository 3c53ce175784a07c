import { execFile } from 'node:child_process';
import { existsSync, lstatSync, mkdtempSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNames } from '@troupe/services';

// What an image has under /troupe, in a folder where nothing of the project is in reach: each program is complete when it
// comes as far as to say what its environment lacks.

const folder = mkdtempSync(path.join(tmpdir(), 'troupe-images-'));
const ground = path.join(folder, 'ground');
const program = fileURLToPath(new URL('../assemble.mjs', import.meta.url));

interface Ended {
  readonly code: number;
  readonly said: string;
}

function node(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr });
    });
  });
}

const assembled = (...args: string[]): Promise<Ended> => node([program, ...args], process.env);

beforeAll(async () => {
  expect(await assembled(ground, 'services/chassis', 'prisma/console', '--libraries-only')).toEqual({
    code: 0,
    said: '',
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('an image', () => {
  it.each([...serviceNames, 'console'])('of %s has all that its program loads', async (name) => {
    // Below the common libraries, where Node looks for them as if one lay over the other.
    const place = path.join(ground, name);
    expect(await assembled(place, `services/${name}`, '--over', ground)).toEqual({ code: 0, said: '' });
    const { code, said } = await node([path.join(place, `services/${name}/dist/main.js`)]);
    expect(said).toContain('DATABASE_URL is not set.');
    expect(code).toBe(78);
  });

  it('of the setup has all that its program loads', async () => {
    const place = path.join(folder, 'setup');
    expect(await assembled(place, 'infra/deploy')).toEqual({ code: 0, said: '' });
    const { code, said } = await node([path.join(place, 'infra/deploy/dist/main.js')]);
    expect(said).toContain('ADMIN_DATABASE_URL is not set.');
    expect(code).toBe(78);
  });

  it('of the outside has all that its programs load', async () => {
    const place = path.join(folder, 'sandbox');
    expect(await assembled(place, 'infra/sandbox')).toEqual({ code: 0, said: '' });
    for (const name of ['provider', 'carrier', 'mailbox']) {
      const { said } = await node([path.join(place, `infra/sandbox/dist/${name}.js`)], { PORT: '0', SMTP_PORT: '0' });
      expect(said).toContain('DATA_DIR is not set');
    }
  });

  it('has no library of the layer below again, and nothing for compilers', () => {
    const order = path.join(ground, 'order');
    expect(existsSync(path.join(ground, 'node_modules/kafkajs/package.json'))).toBe(true);
    expect(existsSync(path.join(order, 'node_modules/kafkajs'))).toBe(false);
    expect(existsSync(path.join(ground, 'services'))).toBe(false);
    expect(existsSync(path.join(order, 'services/order/dist/main.d.ts'))).toBe(false);
    expect(existsSync(path.join(order, 'services/order/src'))).toBe(false);
    expect(existsSync(path.join(order, 'node_modules/prisma'))).toBe(false);
  });

  it('has files that everybody may read, with the time that was asked for, and main.js where it was asked for', async () => {
    const place = path.join(folder, 'even');
    const paths = ['infra/sandbox', 'infra/images/health.mjs', '--main', 'infra/sandbox/dist/carrier.js'];
    const env = { ...process.env, SOURCE_DATE_EPOCH: '86400' };
    expect(await node([program, place, ...paths], env)).toEqual({ code: 0, said: '' });
    for (const file of [
      '.',
      'main.js',
      'infra/images/health.mjs',
      'infra/sandbox/dist',
      'node_modules/@troupe/sandbox',
    ]) {
      expect([file, lstatSync(path.join(place, file)).mtimeMs]).toEqual([file, 86_400_000]);
    }
    expect(statSync(path.join(place, 'infra/images/health.mjs')).mode & 0o777).toBe(0o644);
    expect(readlinkSync(path.join(place, 'main.js'))).toBe('infra/sandbox/dist/carrier.js');
  });

  it('is not put together of what there is not, and says what', async () => {
    const { code, said } = await assembled(path.join(folder, 'none'), 'services/nobody');
    expect(code).toBe(1);
    expect(said).toContain('The project has no services/nobody.');
  });
});
