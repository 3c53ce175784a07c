import { statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { secretsOf } from '../src/secrets.ts';
import { defaultPorts, portVariable, settingsFrom } from '../src/settings.ts';
import { temporaryFolder } from './programs.ts';

describe('settings', () => {
  it('have the documented defaults', () => {
    const { dataDir, cacheDir, ports } = settingsFrom({ HOME: '/home/ada' }, '.troupe/data', '/project');
    expect({ dataDir, ports }).toEqual({ dataDir: '/project/.troupe/data', ports: defaultPorts });
    expect(cacheDir).toMatch(/\/\.cache\/troupe$/);
  });

  it('can be changed by the environment, each port included', () => {
    const env = { TROUPE_DATA_DIR: '/data', TROUPE_CACHE_DIR: 'cache', TROUPE_KAFKA_CONTROLLER_PORT: '19093' };
    const settings = settingsFrom(env, '.troupe/data', '/project');
    expect(settings.dataDir).toBe('/data');
    expect(settings.cacheDir).toBe('/project/cache');
    expect(settings.ports).toEqual({ ...defaultPorts, kafkaController: 19093 });
    expect(settingsFrom({ XDG_CACHE_HOME: '/xdg' }).cacheDir).toBe('/xdg/troupe');
  });

  it('report every fault at once, with the variable', () => {
    const env = { TROUPE_ORDER_PORT: 'abc', TROUPE_KAFKA_PORT: '70000', TROUPE_CARRIER_PORT: '3011' };
    expect(() => settingsFrom(env)).toThrow(
      /TROUPE_ORDER_PORT is "abc".*\n.*TROUPE_KAFKA_PORT is "70000".*\n.*TROUPE_PROVIDER_PORT and TROUPE_CARRIER_PORT are both 3011/,
    );
  });

  it('name a variable for each port', () => {
    expect(portVariable('kafkaController')).toBe('TROUPE_KAFKA_CONTROLLER_PORT');
  });
});

describe('passwords', () => {
  it('are made once, differ, and only their owner can read them', () => {
    const { folder, remove } = temporaryFolder();
    const first = secretsOf(folder, ['order', 'payment']);
    expect(new Set([first.superuser, ...Object.values(first.roles)]).size).toBe(3);
    expect(statSync(path.join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(secretsOf(folder, ['order', 'payment'])).toEqual({ ...first, fresh: false });
    const more = secretsOf(folder, ['order', 'payment', 'registry']);
    expect(more.roles).toMatchObject(first.roles);
    expect(more.roles.registry).toMatch(/^[\w-]{32}$/);
    remove();
  });
});
