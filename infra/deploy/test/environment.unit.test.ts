import { describe, expect, it } from '@jest/globals';
import { serviceNames } from '@troupe/services';
import { EnvironmentError, siteFrom } from '../src/environment.ts';

const urlOf = (name: string): string => `postgresql://troupe_${name}:s3cret-${name}@postgres:5432/troupe_${name}`;
const complete = {
  ADMIN_DATABASE_URL: 'postgresql://postgres:s3cret@postgres:5432/postgres',
  ...Object.fromEntries(serviceNames.map((name) => [`${name.toUpperCase()}_DATABASE_URL`, urlOf(name)])),
  KAFKA_BROKERS: 'kafka:19092',
  REGISTRY_URL: 'http://registry:8080/apis/ccompat/v7',
};

function faultsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    siteFrom(env, '/troupe');
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return error.faults;
    throw error;
  }
}

describe('what a deployment is told', () => {
  it('is a database of each service; those of the console and the registry when they are named', () => {
    const owners = (env: NodeJS.ProcessEnv) => siteFrom(env, '/troupe').databases.map(({ owner }) => owner);
    expect(owners(complete)).toEqual([...serviceNames]);
    const both = { CONSOLE_DATABASE_URL: urlOf('console'), REGISTRY_DATABASE_URL: urlOf('registry') };
    expect(owners({ ...complete, ...both })).toEqual([...serviceNames, 'console', 'registry']);
  });

  it('makes replication slots unless outboxes are polled', () => {
    expect(siteFrom(complete, '/troupe').polls).toBe(false);
    expect(siteFrom({ ...complete, RELAY: 'none' }, '/troupe').polls).toBe(false);
    expect(siteFrom({ ...complete, RELAY: 'polling' }, '/troupe').polls).toBe(true);
  });

  it('lacks something: every fault is said at once, with an example', () => {
    const faults = faultsOf({});
    expect(faults).toHaveLength(Object.keys(complete).length);
    for (const variable of Object.keys(complete)) {
      expect(faults.find((fault) => fault.startsWith(`${variable} is not set.`))).toContain(`${variable}=`);
    }
  });

  it.each([
    ['no URL', 'nonsense', 'is no URL'],
    ['a URL of something else', 'http://troupe_order:s3cret@h/troupe_order', 'begins with http:'],
    ['no password', 'postgresql://troupe_order@h/troupe_order', 'has no role or no password'],
    [
      'another role than database',
      'postgresql://postgres:s3cret@h/troupe_order',
      'role postgres and the database troupe_order',
    ],
  ])('has %s: said without the password', (_, url, wrong) => {
    const faults = faultsOf({ ...complete, ORDER_DATABASE_URL: url });
    expect(faults).toEqual([expect.stringContaining(wrong)]);
    expect(faults[0]).toMatch(/^ORDER_DATABASE_URL /);
    expect(faults[0]).not.toContain('s3cret');
  });
});
