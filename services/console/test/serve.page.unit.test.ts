import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import { BUILT_PAGE, page } from '../src/page/page.ts';

const BUDGET_BYTES = 350 * 1_024;

const servers: Server[] = [];
async function serve(folder: string): Promise<string> {
  const app = express();
  app.use('/', page(folder));
  app.use((_request, response) => void response.status(404).send('nothing here'));
  const server = createServer(app);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
afterAll(() => {
  for (const server of servers) server.close();
});

const built = BUILT_PAGE;
const assets = readdirSync(path.join(built, 'assets')).filter((name) => !/\.(br|gz)$/.test(name));
const textOf = (name: string): string => readFileSync(path.join(built, name), 'utf8');

describe('the built page', () => {
  let url: string;
  beforeAll(async () => {
    url = await serve(built);
  });

  it.each(['/', '/sagas', '/sagas/01a22ee5-8866-7472-9d22-bff5a3eada1e', '/dead-letters/payment/12', '/services'])(
    'is the same at %s',
    async (address) => {
      const answer = await fetch(url + address);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(answer.headers.get('cache-control')).toBe('no-cache');
      expect(await answer.text()).toBe(textOf('index.html'));
    },
  );

  it.each(['/api/nothing', '/v1/nothing', '/assets/gone-12345678.js'])('is not at %s', async (address) => {
    expect((await fetch(url + address)).status).toBe(404);
  });

  it('lets nothing run that is not a file of its own, and nobody frame it', async () => {
    const { headers } = await fetch(url);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('has no script or style in it, which that policy would refuse', () => {
    const html = textOf('index.html');
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/i);
    expect(
      [...html.matchAll(/<script([^>]*)>([^<]*)/g)].every(([, head, body]) => /src=/.test(head ?? '') && !body),
    ).toBe(true);
  });

  it('sends its assets compressed, once and for all', async () => {
    for (const name of assets) {
      const answer = await fetch(`${url}/assets/${name}`, { headers: { 'accept-encoding': 'br' } });
      expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(name).toMatch(/-[\w-]{8}\.\w+$/);
      const plain = readFileSync(path.join(built, 'assets', name));
      // What is small gains nothing, and a font is compressed already.
      const isCompressed = /\.(js|css)$/.test(name) && plain.length >= 512;
      expect(answer.headers.get('content-encoding')).toBe(isCompressed ? 'br' : null);
      if (isCompressed) {
        const compressed = readFileSync(path.join(built, 'assets', `${name}.br`));
        expect(brotliDecompressSync(compressed).equals(plain)).toBe(true);
      }
      expect(Buffer.from(await answer.arrayBuffer()).equals(plain)).toBe(true);
    }
  });

  it('sends a client that takes no compression the file as it is', async () => {
    const [name] = assets.filter((asset) => asset.endsWith('.js'));
    const answer = await fetch(`${url}/assets/${name}`, { headers: { 'accept-encoding': 'identity' } });
    expect(answer.headers.get('content-encoding')).toBeNull();
    expect(Number(answer.headers.get('content-length'))).toBe(statSync(path.join(built, 'assets', `${name}`)).size);
  });

  it('asks no other host for anything', () => {
    const elsewhere = [...assets.map((name) => `assets/${name}`), 'index.html'].flatMap((name) => {
      const text = textOf(name);
      // What a browser would load: attributes of HTML, url() and @import of CSS, import and fetch of JavaScript.
      const loads =
        /(?:(?:src|href)=["']|url\(["']?|@import\s+["']|import\(?["'`]|fetch\(["'`])((?:https?:)?\/\/[^"'`)\s]+)/g;
      return [...text.matchAll(loads)].map(([, address]) => `${name}: ${address}`);
    });
    expect(elsewhere).toEqual([]);
  });

  it('is small enough to come at once', () => {
    const sizes = [...assets.map((name) => `assets/${name}`), 'index.html'].map((name) => {
      const compressed = statSync(path.join(built, `${name}.br`), { throwIfNoEntry: false });
      return { name, bytes: (compressed ?? statSync(path.join(built, name))).size };
    });
    const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
    const lines = sizes.map(({ name, bytes }) => `${name} ${(bytes / 1024).toFixed(1)} kB`);
    console.info(
      `The page, compressed: ${(total / 1024).toFixed(1)} kB of ${BUDGET_BYTES / 1024}. ${lines.join(', ')}`,
    );
    expect(total).toBeLessThan(BUDGET_BYTES);
  });
});

describe('a page that was not built', () => {
  it('says how to build it', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'no-page-'));
    const answer = await fetch(await serve(folder));
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('npm run build');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    rmSync(folder, { recursive: true });
  });
});
