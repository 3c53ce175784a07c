import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import fc from 'fast-check';
import { type Codec, createCodec } from '../src/codec.ts';
import { SchemaNotRegistered } from '../src/errors.ts';
import { type AnyEventType, eventType } from '../src/event-type.ts';
import { currentOf } from '../src/evolution/version.ts';
import { events, InventoryReserved, OrderCreated, PaymentCompleted } from '../src/generated/events.ts';
import { IncompatibleSchemas, registerSchemas } from '../src/register.ts';
import { registryClient } from '../src/registry-client.ts';
import { arbitraryEvent } from './arbitrary-event.ts';
import { readBy } from './evolution/versions.ts';

// Needs a Confluent-compatible registry at TEST_REGISTRY_URL; `npm test` starts one.

const registryUrl = process.env.TEST_REGISTRY_URL ?? '';

/** Unique per run, so that a registry that keeps its schemas can be used again. */
const owner = `t${randomBytes(6).toString('hex')}`;
const version = (...fields: object[]): AnyEventType =>
  eventType('BoxPacked', owner, {
    type: 'record',
    name: 'BoxPacked',
    namespace: `troupe.${owner}`,
    doc: 'A box of a test.',
    key: 'orderId',
    fields: [{ name: 'orderId', type: 'string' }, ...fields],
  });
const size = (...symbols: string[]) => ({
  name: 'size',
  type: { type: 'enum', name: 'Size', symbols, default: 'UNKNOWN' },
});
const first = version(size('BIG', 'UNKNOWN'));
const second = version(size('BIG', 'SMALL', 'UNKNOWN'), { name: 'note', type: ['null', 'string'], default: null });
const incompatible = version(size('BIG', 'UNKNOWN'), { name: 'weight', type: 'int' });

beforeAll(() => {
  if (registryUrl === '') throw new Error('TEST_REGISTRY_URL is not set: run the tests with `npm test`.');
});

describe('registration', () => {
  it('is needed before a service can write', async () => {
    const missing = createCodec({ registryUrl }).prepare([first]);
    await expect(missing).rejects.toBeInstanceOf(SchemaNotRegistered);
  });

  it('registers a schema and sets FULL_TRANSITIVE, before the first version already', async () => {
    const [registration] = await registerSchemas({ registryUrl, events: [first] });
    expect(registration).toMatchObject({ subject: first.subject, outcome: 'registered' });
    const config = await fetch(`${registryUrl}/config/${first.subject}`);
    expect(await config.json()).toEqual({ compatibilityLevel: 'FULL_TRANSITIVE' });
  });

  it('changes nothing the second time, and gives the same id', async () => {
    const [before] = await registerSchemas({ registryUrl, events: [first] });
    const [after] = await registerSchemas({ registryUrl, events: [first] });
    expect(after).toEqual({ ...before, outcome: 'unchanged' });
    expect(await versionsOf(first)).toEqual([1]);
  });

  it('takes an optional field and a new symbol as a new version', async () => {
    const [registration] = await registerSchemas({ registryUrl, events: [second] });
    expect(registration).toMatchObject({ outcome: 'registered' });
    expect(await versionsOf(first)).toEqual([1, 2]);
  });

  it('reports an incompatible schema with the explanation of the registry, and registers the others', async () => {
    const neighbour = eventType('BoxSent', owner, { ...first.schema, key: first.key, name: 'BoxSent' });
    const failed = await registerSchemas({ registryUrl, events: [incompatible, neighbour] }).catch((e) => e);
    expect(failed).toBeInstanceOf(IncompatibleSchemas);
    expect(failed.message).toContain(incompatible.subject);
    expect(failed.message).toContain('weight');
    expect(failed.registrations).toMatchObject([{ outcome: 'incompatible' }, { outcome: 'registered' }]);
    expect(await versionsOf(first)).toEqual([1, 2]);
  });

  it.each([OrderCreated, PaymentCompleted, InventoryReserved].map((type) => [type.messageName, type] as const))(
    'takes %s, which names the style of its order, after the version that did not',
    async (_, { messageName, schema, key }) => {
      const fields = schema.fields as readonly { readonly name: string }[];
      const before = fields.filter(({ name }) => name !== 'orchestrated');
      expect(before).toHaveLength(fields.length - 1);
      for (const version of [before, fields]) {
        const event = eventType(messageName, owner, { ...schema, key, fields: version });
        expect(await registerSchemas({ registryUrl, events: [event] })).toMatchObject([{ outcome: 'registered' }]);
      }
    },
  );

  it('lets services of both versions read each other', async () => {
    const [older, newer] = await Promise.all([codecOf(first), codecOf(second)]);
    const fromNewer = newer.encode(second({ orderId: 'o', size: 'SMALL', note: 'n' }));
    const fromOlder = older.encode(first({ orderId: 'o', size: 'BIG' }));
    await Promise.all([older.learn([fromNewer]), newer.learn([fromOlder])]);
    expect(older.decode(fromNewer).data).toStrictEqual({ orderId: 'o', size: 'UNKNOWN' });
    expect(newer.decode(fromOlder).data).toStrictEqual({ orderId: 'o', size: 'BIG', note: null });
  });

  async function codecOf(event: AnyEventType): Promise<Codec> {
    const codec = createCodec({ registryUrl, events: [event] });
    await codec.prepare([event]);
    return codec;
  }
});

describe('a field that leaves in steps, as docs/schemas.md says,', () => {
  const steps = randomBytes(6).toString('hex');
  const inSteps = (...fields: object[]): AnyEventType =>
    eventType('BoxPacked', `s${steps}`, {
      ...first.schema,
      namespace: `troupe.s${steps}`,
      key: 'orderId',
      fields: [{ name: 'orderId', type: 'string' }, ...fields],
    });
  const versions = [
    inSteps({ name: 'detail', type: 'string' }),
    inSteps({ name: 'detail', type: 'string', default: '' }, { name: 'more', type: 'string', default: '' }),
    inSteps({ name: 'more', type: 'string', default: '' }),
  ].map((event, at) => ({ event, version: { ...currentOf(event), version: at + 1 } }));
  const register = (at: number, ...reads: number[]) =>
    registerSchemas({
      registryUrl,
      events: versions.slice(at - 1, at).map(({ event }) => event),
      known: {
        versions: versions.map(({ version }) => version),
        readers: versions
          .filter((_, index) => reads.includes(index + 1))
          .map(({ version }) => readBy('store', version)),
      },
    });

  it('is taken, once no reader needs it, although FULL_TRANSITIVE asks for the first version', async () => {
    await expect(register(1, 1)).resolves.toMatchObject([{ outcome: 'registered' }]);
    await expect(register(3, 1, 3)).rejects.toThrow(
      /without detail; store reads it \(version 1\): give detail a default first/,
    );
    await expect(register(2, 1, 2)).resolves.toMatchObject([{ outcome: 'registered' }]);
    await expect(register(3, 1, 2, 3)).rejects.toThrow(/store reads it \(version 1\)/);
    const strictly = await registryClient({ registryUrl }).register(subject(), versions[2]?.event.schema ?? {});
    expect(strictly).toMatchObject({ incompatible: expect.stringContaining('detail') });
    await expect(register(3, 2, 3)).resolves.toMatchObject([{ outcome: 'registered' }]);
    await expect(register(3, 2, 3)).resolves.toMatchObject([{ outcome: 'unchanged' }]);
    const config = await fetch(`${registryUrl}/config/${subject()}`);
    expect(await config.json()).toEqual({ compatibilityLevel: 'FULL_TRANSITIVE' });
  });

  const subject = (): string => versions[0]?.event.subject ?? '';
});

describe('an id that the registry does not have', () => {
  it('makes a message undecodable', async () => {
    const codec = createCodec({ registryUrl });
    const message = Buffer.from([0, 0x7f, 0xff, 0xff, 0xff, 0]);
    await codec.learn([message]);
    expect(() => codec.decode(message)).toThrow(expect.objectContaining({ code: 'SCHEMA_UNKNOWN' }));
  });
});

describe('beside @kafkajs/confluent-schema-registry', () => {
  let ours: Codec;
  let theirs: SchemaRegistry;

  beforeAll(async () => {
    await registerSchemas({ registryUrl });
    ours = createCodec({ registryUrl });
    theirs = new SchemaRegistry({ host: registryUrl });
    await ours.prepare(events);
  });

  /** What that client takes and gives back; below -2^52 it loses the sign. */
  const theirLong = fc.integer({ min: -(2 ** 52), max: 2 ** 52 });

  it.each(events.map((type) => [type.messageName, type] as const))(
    '%s is read by either as the other wrote it',
    async (_, type) => {
      const id = await theirs.getLatestSchemaId(type.subject);
      const readByEither = fc.asyncProperty(arbitraryEvent(type, theirLong), async (event) => {
        const fromUs = ours.encode(event);
        const fromThem = await theirs.encode(id, event.data);
        await ours.learn([fromThem]);
        expect(await theirs.decode(fromUs)).toEqual(event.data);
        expect(ours.decode(fromThem)).toEqual({ type, data: event.data });
        expect(fromUs.equals(fromThem)).toBe(true);
      });
      await fc.assert(readByEither, { numRuns: 30 });
    },
  );
});

async function versionsOf({ subject }: AnyEventType): Promise<unknown> {
  const answer = await fetch(`${registryUrl}/subjects/${subject}/versions`);
  return answer.json();
}
