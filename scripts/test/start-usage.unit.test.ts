import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { composePassword, composePorts, defaultPorts, portVariable, settingsFrom } from '@troupe/embedded';
import { startUsage } from '../src/start/usage.ts';

/** The variables that a piece of code reads. */
function readBy(read: (env: NodeJS.ProcessEnv) => unknown): ReadonlySet<string> {
  const names = new Set<string>();
  read(new Proxy({}, { get: (_, name) => void names.add(String(name)) }));
  return names;
}

const ofSettings = readBy((env) => settingsFrom(env));
const ofCompose = readBy((env) => [composePorts(env), composePassword(env)]);
/** The first word of each line that explains a variable. */
const explained = [...startUsage.matchAll(/^ {2}([A-Z][A-Z_]+) +(.*)$/gm)].map(([, name, text]) => ({ name, text }));

describe('npm start -- --help', () => {
  it('explains every variable that a start reads, each once, and no other', () => {
    expect(explained.map(({ name }) => name).sort()).toEqual([...ofSettings, ...ofCompose].sort());
  });

  it.each(Object.entries(defaultPorts))('says the default port of %s', (name, port) => {
    const variable = portVariable(name as keyof typeof defaultPorts);
    expect(explained.find((line) => line.name === variable)?.text).toContain(`(default ${port})`);
  });
});

describe('What is said before anything is built', () => {
  it('names every port and folder as well', () => {
    const script = fileURLToPath(new URL('../run.mjs', import.meta.url));
    const text = execFileSync(process.execPath, [script, '--help'], { encoding: 'utf8' });
    const named = [...text.matchAll(/TROUPE_[A-Z_]+/g)].map(([name]) => name);
    expect([...new Set(named)].sort()).toEqual([...ofSettings].filter((name) => name.startsWith('TROUPE_')).sort());
  });
});
