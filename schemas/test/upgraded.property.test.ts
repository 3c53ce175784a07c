import { describe, expect, it } from '@jest/globals';
import avsc from 'avsc';
import fc from 'fast-check';
import { codecOver, type SchemaSource } from '../src/codec.ts';
import { UndecodableMessage } from '../src/errors.ts';
import type { AnyEventType, AvroSchema } from '../src/event-type.ts';
import { events } from '../src/generated/events.ts';
import { type Upgraded, upgradedProducer } from './arbitrary-avro.ts';

/** Reads a message as a service does that knows our events only. */
async function read({ schema, body }: Upgraded): Promise<unknown> {
  const source: SchemaSource = { idOf: async () => 1, schemaById: async () => JSON.stringify(schema) };
  const codec = codecOver(source);
  const message = Buffer.concat([Buffer.from([0, 0, 0, 0, 1]), body]);
  await codec.learn([message]);
  return codec.decode(message).data;
}

/** What avsc makes of it by itself, when it trusts its input. */
function readByAvsc(event: AnyEventType, { schema, body }: Upgraded): unknown {
  const ours = avsc.Type.forSchema(event.schema as unknown as avsc.Schema);
  const theirs = avsc.Type.forSchema(schema as unknown as avsc.Schema, { wrapUnions: true });
  return ours.fromBuffer(body, ours.createResolver(theirs));
}

describe.each(events.map((type) => [type.messageName, type] as const))('%s', (_, event) => {
  it('is read from a producer that added optional fields of any type, as avsc reads it', async () => {
    await fc.assert(
      fc.asyncProperty(upgradedProducer(event), async (upgraded) => {
        const seen = await read(upgraded);
        expect(seen).toStrictEqual(upgraded.data);
        expect(seen).toEqual(readByAvsc(event, upgraded));
      }),
      { numRuns: 60 },
    );
  });

  it('is, cut off anywhere or with any byte of such a producer changed, still an event or undecodable', async () => {
    const damage = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }), fc.nat(3));
    await fc.assert(
      fc.asyncProperty(upgradedProducer(event), damage, async ({ schema, body, data }, [at, byte, cut]) => {
        const broken = Buffer.from(body.subarray(0, body.length - cut));
        broken[at % broken.length] = byte;
        const seen = await read({ schema: schema as AvroSchema, body: broken, data }).catch((error: unknown) => error);
        if (!(seen instanceof UndecodableMessage)) expect(seen).toHaveProperty('orderId');
      }),
      { numRuns: 60 },
    );
  });
});
