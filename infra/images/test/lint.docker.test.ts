import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';

const lint = fileURLToPath(new URL('../lint.sh', import.meta.url));
const dockerfile = readFileSync(new URL('../Dockerfile', import.meta.url), 'utf8');
const folder = mkdtempSync(path.join(tmpdir(), 'troupe-lint-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function linted(...files: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(lint, files, (error, stdout, stderr) =>
      resolve(`${error === null ? 'right' : 'wrong'}\n${stdout}${stderr}`),
    );
  });
}

function changed(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe('the rules of hadolint and ShellCheck', () => {
  it('are kept by everything that makes images', async () => {
    expect(await linted()).toBe('right\n');
  });

  it.each([
    ['a base that is not pinned', 'DL3006', dockerfile.replace(/FROM \S+ AS runtime/, 'FROM debian AS runtime')],
    ['a user who is root at the end', 'DL3002', `${dockerfile}USER root\n`],
    ['an entry point in a shell', 'DL3025', `${dockerfile}ENTRYPOINT node main.js\n`],
    ['a stage that does not exist', 'DL3022', `${dockerfile}COPY --from=nowhere /x /x\n`],
    ['a shell that splits words', 'SC2086', `${dockerfile}RUN rm -r $HOME\n`],
  ])('refuse %s', async (_, rule, text) => {
    expect(text).not.toBe(dockerfile);
    const said = await linted(changed('Dockerfile', text));
    expect(said).toMatch(/^wrong\n/);
    expect(said).toContain(rule);
  });

  it('refuse a script that goes on after cd has failed', async () => {
    const said = await linted(changed('script.sh', '#!/usr/bin/env bash\ncd /nowhere\nrm -rf ./*\n'));
    expect(said).toMatch(/^wrong\n/);
    expect(said).toContain('SC2164');
  });
});
