import { randomBytes } from 'node:crypto';
import { beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createCodec } from '../src/codec.ts';
import { type AnyEventType, eventType } from '../src/event-type.ts';
import { events } from '../src/generated/events.ts';
import { registerSchemas } from '../src/register.ts';
import { upgradedProducer } from './arbitrary-avro.ts';

// Needs a Confluent-compatible registry at TEST_REGISTRY_URL; `npm test` starts one.

const registryUrl = process.env.TEST_REGISTRY_URL ?? '';

beforeAll(() => {
  if (registryUrl === '') throw new Error('TEST_REGISTRY_URL is not set: run the tests with `npm test`.');
});

/** One of our events under a name of its own, so that each upgrade is one of the schema that we have, and of no other. */
function alone({ schema, key }: AnyEventType): AnyEventType {
  const owner = `t${randomBytes(8).toString('hex')}`;
  const { name } = schema as { readonly name: string };
  return eventType(name, owner, { ...schema, key, namespace: `troupe.${owner}` });
}

it.each(events.map((type) => [type.messageName, type] as const))(
  '%s with optional fields of any type is taken by the registry, and read by a service that does not know them',
  async (_, type) => {
    await fc.assert(
      fc.asyncProperty(fc.constant(type).map(alone).chain(withUpgrade), async ({ event, schema, body, data }) => {
        await registerSchemas({ registryUrl, events: [event] });
        const upgraded = { ...event, schema } as AnyEventType;
        const [taken] = await registerSchemas({ registryUrl, events: [upgraded] });
        if (taken?.outcome !== 'registered') throw new Error(`It is ${taken?.outcome}.`);

        const reader = createCodec({ registryUrl, events: [event] });
        const message = Buffer.concat([Buffer.alloc(5), body]);
        message.writeUInt32BE(taken.schemaId, 1);
        await reader.learn([message]);
        expect(reader.decode(message)).toStrictEqual({ type: event, data });
      }),
      { numRuns: 12, endOnFailure: true },
    );
  },
);

const withUpgrade = (event: AnyEventType) => upgradedProducer(event).map((upgraded) => ({ event, ...upgraded }));
