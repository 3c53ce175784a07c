import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { downloadedBytes, fetchDownload, folderOf, isThere } from '../src/downloads/fetch.ts';
import type { Download } from '../src/downloads/parts.ts';
import { findJava, findMaven } from '../src/machine/java.ts';
import { availableMegabytes, residentMegabytes } from '../src/machine/memory.ts';
import { nodeOf, nodeRuntime } from '../src/machine/node.ts';
import { reserve } from '../src/machine/port-reservations.ts';
import { freePorts, takenPorts } from '../src/machine/ports.ts';
import { projectHome } from '../src/settings.ts';
import { temporaryFolder } from './programs.ts';

let place: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  place = temporaryFolder();
});
afterEach(() => place.remove());

/** An executable shell script in the test's folder. */
function script(name: string, text: string): string {
  const file = path.join(place.folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return file;
}

const javaThatIs = (version: string): string => `echo 'openjdk version "${version}" 2025-04-15' >&2`;

describe('Java', () => {
  it('of JAVA_HOME is taken when it is new enough', async () => {
    const command = script('jdk/bin/java', javaThatIs('17.0.15'));
    expect(await findJava({ JAVA_HOME: path.join(place.folder, 'jdk') })).toEqual({ command });
  });

  it('that is too old is named with its version and the remedy', async () => {
    script('jdk/bin/java', javaThatIs('1.8.0_402'));
    const found = await findJava({ JAVA_HOME: path.join(place.folder, 'jdk') }, path.join(place.folder, 'nothing'));
    expect(found).toEqual({
      fault: expect.stringMatching(/17 or newer; .*jdk\/bin\/java is version 8, .*not found.*Install one/),
    });
  });

  it('of PATH is taken when that of JAVA_HOME is too old', async () => {
    script('jdk/bin/java', javaThatIs('11.0.2'));
    const other = script('other/java', javaThatIs('21'));
    expect(await findJava({ JAVA_HOME: path.join(place.folder, 'jdk') }, other)).toEqual({ command: other });
  });

  it('and Maven are looked for where the environment says', async () => {
    const command = script('maven/bin/mvn', 'echo Apache Maven 3.9');
    expect(await findMaven({ MAVEN_HOME: path.join(place.folder, 'maven') })).toEqual({ command });
  });
});

describe('Node', () => {
  it('of the stack is the one that package.json names, where it is published for this machine', () => {
    const { command, version } = nodeRuntime();
    expect(spawnSync(command, ['--version'], { encoding: 'utf8' }).stdout).toBe(`v${version}\n`);
    const { optionalDependencies } = JSON.parse(
      readFileSync(path.join(projectHome, 'infra/embedded/package.json'), 'utf8'),
    );
    const named = optionalDependencies[`node-${process.platform}-${process.arch}`];
    expect(version).toBe(named ?? process.versions.node);
  });

  it('that is not there, or is no Node, is not taken', () => {
    expect(nodeOf('node-plan9-vax')).toBeUndefined();
    expect(nodeOf('kafkajs')).toBeUndefined();
  });
});

describe('a port', () => {
  it('that is taken is reported with who has it and how to use another', async () => {
    const ports = await freePorts();
    const server = createServer().listen(ports.kafka, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const [sentence, ...more] = await takenPorts(ports, ['kafka', 'order']);
    server.close();
    expect(sentence).toContain(`Port ${ports.kafka} (kafka) is taken by `);
    expect(sentence).toContain(`(process ${process.pid})`);
    expect(sentence).toMatch(/TROUPE_KAFKA_PORT=\d+ npm start$/);
    expect(more).toEqual([]);
  });

  it('is kept while its process lives, though nobody listens on it, and free when that has ended', async () => {
    const { kafka } = await freePorts();
    expect(reserve(kafka)).toBe(false);
    const ended = spawnSync('true').pid;
    const other = 14_000 + (process.pid % 900);
    expect(reserve(other, ended)).toBe(true);
    expect(reserve(other)).toBe(true);
    expect(reserve(other)).toBe(false);
  });

  it('is not given twice', async () => {
    const ports = Object.values(await freePorts());
    expect(new Set(ports).size).toBe(ports.length);
  });
});

it('memory of this process and of the machine is known', () => {
  expect(residentMegabytes(process.pid)).toBeGreaterThan(20);
  expect(availableMegabytes()).toBeGreaterThan(100);
});

describe('a download', () => {
  const download: Download = {
    name: 'thing-1.0',
    title: 'Thing 1.0',
    megabytes: 3,
    dependencies: ['org.thing:thing:1.0'],
    mavenArguments: (folder) => [folder],
  };

  const fetching = (maven: string) => ({
    cacheDir: path.join(place.folder, 'cache'),
    maven,
    update: (detail: string) => details.push(detail),
    signal: new AbortController().signal,
  });
  let details: string[] = [];
  beforeEach(() => {
    details = [];
  });

  it('appears in the cache when it is complete, and tells how much has arrived', async () => {
    const line = 'Downloaded from central: https://repo/thing.jar (1.6 MB at 800 kB/s)';
    const maven = script('mvn', `echo '${line}'; echo '${line}'; for f; do :; done; echo jar > "$f/thing.jar"`);
    await fetchDownload(download, fetching(maven));
    expect(readdirSync(folderOf(path.join(place.folder, 'cache'), download))).toEqual(['thing.jar']);
    expect(details).toEqual(['2 of about 3 MB', '3 of about 3 MB']);
  });

  it('that fails leaves nothing behind, and says why and what to do', async () => {
    const maven = script(
      'mvn',
      'echo "[ERROR] repo is not reachable -> [Help 1]"; echo "[ERROR] Re-run Maven"; exit 1',
    );
    const failure = fetchDownload(download, fetching(maven));
    await expect(failure).rejects.toThrow(
      /Thing 1.0 could not be downloaded with Maven:\nrepo is not reachable\nCheck.*settings.xml/,
    );
    expect(readdirSync(path.join(place.folder, 'cache'))).toEqual([]);
  });

  it('that is interrupted is not taken for whole', async () => {
    const maven = script(
      'mvn',
      'for f; do :; done; echo half > "$f/thing.jar"; touch "$f/../../started"; exec sleep 60',
    );
    const interrupted = new AbortController();
    const failure = fetchDownload(download, { ...fetching(maven), signal: interrupted.signal });
    const started = path.join(place.folder, 'cache/started');
    while (!existsSync(started)) await new Promise((resolve) => setTimeout(resolve, 10));
    interrupted.abort();
    await expect(failure).rejects.toThrow();
    expect(isThere(path.join(place.folder, 'cache'), download)).toBe(false);
    expect(readdirSync(path.join(place.folder, 'cache'))).toEqual(['started']);
  });

  it('counts what Maven prints as downloaded', () => {
    expect(downloadedBytes('[INFO] Downloaded from central: https://x/y.pom (21 kB at 68 kB/s)')).toBe(21_000);
    expect(downloadedBytes('[INFO] Downloading from central: https://x/y.pom')).toBe(0);
  });
});
