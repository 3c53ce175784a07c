import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Codec, createCodec } from '../src/codec.ts';
import { UndecodableMessage } from '../src/errors.ts';
import { events } from '../src/generated/events.ts';
import { arbitraryEvent } from './arbitrary-event.ts';
import { type FakeRegistry, fakeRegistry } from './fake-registry.ts';

let registry: FakeRegistry;
let writer: Codec;
let reader: Codec;

beforeAll(async () => {
  registry = await fakeRegistry();
  for (const { schema } of events) registry.add(schema);
  writer = createCodec({ registryUrl: registry.url });
  reader = createCodec({ registryUrl: registry.url });
  await writer.prepare(events);
  await reader.learn(events.map((_, index) => Buffer.from([0, 0, 0, 0, index + 1, 0])));
});
afterAll(() => registry.close());

describe.each(events.map((type) => [type.messageName, type] as const))('%s', (_, type) => {
  it('is read as it was written, whatever its data', () => {
    fc.assert(
      fc.property(arbitraryEvent(type), (event) => {
        const decoded = reader.decode(writer.encode(event));
        expect(decoded.type).toBe(type);
        expect(decoded.data).toStrictEqual(event.data);
      }),
    );
  });

  it('is, with any byte changed or its end cut off, still an event or undecodable: never a crash or a hang', () => {
    const damage = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }), fc.nat());
    fc.assert(
      fc.property(arbitraryEvent(type), damage, (event, [at, byte, cut]) => {
        const message = writer.encode(event);
        message[5 + (at % (message.length - 5))] = byte;
        expectEventOrUndecodable(message.subarray(0, message.length - (cut % 5)));
      }),
    );
  });
});

function expectEventOrUndecodable(message: Buffer): void {
  try {
    expect(reader.decode(message).data).toHaveProperty('orderId');
  } catch (error) {
    expect(error).toBeInstanceOf(UndecodableMessage);
  }
}
