import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { serviceNames } from '@troupe/services';

const services = new URL('../../', import.meta.url);
const watcher = fileURLToPath(new URL('./watcher.mjs', import.meta.url));

/** Imports files in a process of their own, in which everything that could be opened is watched. */
function opened(...files: readonly string[]): { readonly seen: unknown; readonly status: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [watcher, ...files], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { seen: stdout === '' ? stderr : JSON.parse(stdout), status };
}

describe('The tables', () => {
  const tables = serviceNames.map((name) => fileURLToPath(new URL(`${name}/dist/reactions.js`, services)));

  it('are found, one for each service', () => {
    const folders = readdirSync(services).filter((name) => (serviceNames as readonly string[]).includes(name));
    expect(folders.sort()).toEqual([...serviceNames].sort());
  });

  it('open nothing when they are imported, and their process ends by itself', () => {
    expect(opened(...tables)).toEqual({ seen: [], status: 0 });
  }, 30_000);

  it.each([
    ['a socket', "import net from 'node:net'; net.connect(1).on('error', () => {});", 'net.connect'],
    ['a timer', 'setTimeout(() => {}, 1);', 'setTimeout'],
    ['a file', "import { openSync } from 'node:fs'; openSync('/dev/null', 'r');", 'fs.openSync'],
    ['a process', "import { spawn } from 'node:child_process'; spawn('true');", 'child_process.spawn'],
    ['a datagram', "import dgram from 'node:dgram'; dgram.createSocket('udp4').close();", 'dgram.createSocket'],
  ])(
    'would be seen to open %s',
    (_, code, seen) => {
      const module = `data:text/javascript,${encodeURIComponent(code)}`;
      expect(opened(module).seen).toContain(seen);
    },
    10_000,
  );
});
