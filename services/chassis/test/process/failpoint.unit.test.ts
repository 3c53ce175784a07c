import { spawnSync } from 'node:child_process';
import { afterEach, describe, expect, it } from '@jest/globals';
import { readConfig } from '../../src/configuration/config.ts';
import { armFailpoint, FAILPOINTS, failpoint } from '../../src/process/failpoint.ts';

const enough = {
  PORT: '3001',
  DATABASE_URL: 'postgresql://troupe_order:s3cret@localhost:54320/troupe_order',
  KAFKA_BROKERS: 'localhost:9092',
  REGISTRY_URL: 'http://localhost:8081/apis/ccompat/v7/',
};
const deaths: string[] = [];
const arm = (setting: string | undefined) => armFailpoint(setting, (name) => void deaths.push(name));

afterEach(() => {
  arm(undefined);
  deaths.length = 0;
});

describe('a failpoint', () => {
  it('does nothing unless it is set', () => {
    arm(undefined);
    failpoint('before-commit');
    arm('after-commit');
    failpoint('before-commit');
    expect(deaths).toEqual([]);
  });

  it('ends the process the first time it is hit', () => {
    arm('before-commit');
    failpoint('before-commit');
    expect(deaths).toEqual(['before-commit']);
  });

  it('ends it at the nth hit, when the setting says which', () => {
    arm('relay-after-publish@3');
    failpoint('relay-after-publish');
    failpoint('relay-after-publish');
    expect(deaths).toEqual([]);
    failpoint('relay-after-publish');
    expect(deaths).toEqual(['relay-after-publish']);
  });

  it('ends a real process with SIGKILL, at once: nothing that follows runs', () => {
    const program = `const { armFailpoint, failpoint } = await import(${JSON.stringify(new URL('../../dist/process/failpoint.js', import.meta.url).href)});
      armFailpoint('after-call'); failpoint('before-call'); console.log('before'); failpoint('after-call'); console.log('after');`;
    const { signal, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
    expect([signal, stdout, stderr]).toEqual([
      'SIGKILL',
      'before\n',
      'failpoint after-call: this process ends itself\n',
    ]);
  });
});

describe('the setting FAILPOINT', () => {
  it.each([...Object.keys(FAILPOINTS), 'after-call@12'])('takes %s', (name) => {
    expect(readConfig({}, { ...enough, FAILPOINT: name }).failpoint).toBe(name);
  });

  it.each(['after_call', 'after-call@0', 'after-call@', 'after-call@-1', 'xafter-call', 'after-calls'])(
    'refuses %s at start, and lists the names that there are',
    (name) => {
      expect(() => readConfig({}, { ...enough, FAILPOINT: name })).toThrow(
        /FAILPOINT must be one of .*relay-after-publish/,
      );
    },
  );
});
