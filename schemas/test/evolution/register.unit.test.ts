import { describe, expect, it } from '@jest/globals';
import { RegistryUnavailable } from '../../src/errors.ts';
import { type AnyEventType, eventType } from '../../src/event-type.ts';
import { IncompatibleSchemas, registerWith } from '../../src/register.ts';
import type { RegistryClient } from '../../src/registry-client.ts';
import { readBy, versionWith } from './versions.ts';

const note = { name: 'note', type: 'string' };
const versions = [
  versionWith(1, note),
  versionWith(2, { ...note, default: '' }),
  versionWith(3),
  versionWith(4, { name: 'weight', type: 'int' }),
] as const;
const [first, , third, fourth] = versions;
const eventOf = ({ schema, key }: (typeof versions)[number]): AnyEventType =>
  eventType('BoxPacked', 'box', { ...schema, key });

/** A registry with these texts, which takes new ones by its level alone: `refuses` says which levels do not. */
function registry(
  texts: readonly string[],
  refuses: readonly string[] = [],
): RegistryClient & { readonly asked: string[] } {
  let level = 'NONE';
  const asked: string[] = [];
  return {
    asked,
    schemaById: async () => undefined,
    idOf: async (_, schema) => (texts.includes(JSON.stringify(schema)) ? 1 : undefined),
    versionsOf: async () => texts.map((schema, at) => ({ version: at + 1, schema })),
    async setCompatibility(_, to) {
      level = to;
      asked.push(to);
    },
    async register() {
      asked.push('register');
      return refuses.includes(level) ? { incompatible: 'The registry refuses note.' } : { id: 9 };
    },
  };
}
const textOf = ({ schema }: (typeof versions)[number]): string => JSON.stringify(schema);

const register = (client: RegistryClient, version: (typeof versions)[number], readers: readonly number[]) =>
  registerWith(client, [eventOf(version)], {
    versions,
    readers: versions.filter((one) => readers.includes(one.version)).map((one) => readBy('store', one)),
  });

const refusal = async (registering: Promise<unknown>): Promise<string> => {
  const error = await registering.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(IncompatibleSchemas);
  return (error as IncompatibleSchemas).message;
};

describe('before a version is registered', () => {
  it('it is held against every reader that may run', async () => {
    const client = registry([textOf(first)]);
    expect(await refusal(register(client, third, [1, 3]))).toBe(
      'Not registered, because older or newer versions could not be read:\n' +
        '  box.events-troupe.box.BoxPacked: box writes BoxPacked (version 3) without note; store reads it (version 1): ' +
        'give note a default first, and remove it when nobody reads without that default any more.',
    );
    expect(client.asked).toEqual(['FULL_TRANSITIVE']);
  });

  it('so is every version that the registry has, also one that the history does not know', async () => {
    const stranger = JSON.stringify({
      ...first.schema,
      fields: [...(first.schema.fields as object[]), { ...note, name: 'more' }],
    });
    const broken = JSON.stringify({ ...first.schema, fields: [note] });
    await expect(register(registry([stranger]), third, [3])).resolves.toMatchObject([{ outcome: 'registered' }]);
    expect(await refusal(register(registry([stranger, broken]), third, [3]))).toContain(
      'box writes BoxPacked (version 2 of the registry) without orderId; store reads it (version 3)',
    );
    expect(await refusal(register(registry(['syntax = "proto3";']), third, [3]))).toContain('cannot be used');
  });

  it('one that is there already is held against them, too', async () => {
    expect(await refusal(register(registry([textOf(third)]), third, [1, 3]))).toContain('store reads it (version 1)');
  });

  it('the registry is asked, and waited for by the caller when it is away', async () => {
    const away = { ...registry([]), versionsOf: () => Promise.reject(new RegistryUnavailable('away')) };
    await expect(register(away, first, [1])).rejects.toBeInstanceOf(RegistryUnavailable);
  });
});

describe('what all readers can read, and FULL_TRANSITIVE refuses for a version that nobody reads with,', () => {
  it('is registered by BACKWARD_TRANSITIVE, and the level is set back', async () => {
    const client = registry([textOf(first)], ['FULL_TRANSITIVE']);
    await expect(register(client, third, [2, 3])).resolves.toMatchObject([{ outcome: 'registered' }]);
    expect(client.asked).toEqual(['FULL_TRANSITIVE', 'register', 'BACKWARD_TRANSITIVE', 'register', 'FULL_TRANSITIVE']);
  });

  it('is not registered when older records could not be read either, and the level is set back', async () => {
    const client = registry([textOf(third)], ['FULL_TRANSITIVE', 'BACKWARD_TRANSITIVE']);
    expect(await refusal(register(client, first, [2, 3]))).toContain('The registry refuses note.');
    expect(client.asked.at(-1)).toBe('FULL_TRANSITIVE');
  });

  it('is not registered when no service reads it: the registry alone knows who else does', async () => {
    const client = registry([textOf(first)], ['FULL_TRANSITIVE']);
    expect(await refusal(register(client, third, []))).toContain('The registry refuses note.');
    expect(client.asked).toEqual(['FULL_TRANSITIVE', 'register']);
  });

  it('is not registered when it is no released version', async () => {
    const client = registry([textOf(first)], ['FULL_TRANSITIVE']);
    const unreleased = eventOf(versionWith(5, { name: 'more', type: 'int', default: 0 }) as never);
    const registering = registerWith(client, [unreleased], { versions, readers: [readBy('store', versions[1])] });
    expect(await refusal(registering)).toContain('The registry refuses note.');
  });

  it('sets the level back also when the registry goes away meanwhile', async () => {
    const client = registry([textOf(first)], ['FULL_TRANSITIVE']);
    let times = 0;
    const flaky = {
      ...client,
      register: (subject: string, schema: object) => {
        times += 1;
        return times === 1
          ? client.register(subject, schema as never)
          : Promise.reject(new RegistryUnavailable('away'));
      },
    };
    await expect(register(flaky, third, [2, 3])).rejects.toBeInstanceOf(RegistryUnavailable);
    expect(client.asked.at(-1)).toBe('FULL_TRANSITIVE');
  });
});

it('a version whose own reader cannot read what is there is refused before the registry is asked', async () => {
  expect(await refusal(register(registry([textOf(first)]), fourth, [4]))).toContain('without weight');
});
