import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { avroTree } from '../../src/avro-tree.ts';
import { type Codec, codecOver } from '../../src/codec.ts';
import { UndecodableMessage } from '../../src/errors.ts';
import { type AnyEventType, eventType } from '../../src/event-type.ts';
import { differences, isMeaningOnly } from '../../src/evolution/differences.ts';
import { breaksOf, wayOf, writerOf } from '../../src/evolution/reading.ts';
import { currentOf, type SchemaVersion } from '../../src/evolution/version.ts';
import { events } from '../../src/generated/events.ts';
import { upgradedProducer } from '../arbitrary-avro.ts';
import { arbitraryEvent } from '../arbitrary-event.ts';
import { twoVersions } from './arbitrary-versions.ts';
import { readBy } from './versions.ts';

const eventOf = ({ schema, key }: SchemaVersion): AnyEventType => eventType('BoxPacked', 'box', { ...schema, key });

/** The codec of a service, as it runs. */
async function codecOf(event: AnyEventType, written: SchemaVersion): Promise<Codec> {
  const source = { idOf: async () => 1, schemaById: async () => JSON.stringify(written.schema) };
  const codec = codecOver(source, [event]);
  await codec.prepare([event]);
  return codec;
}

/** A writer's version and a reader's: either may be the newer one. */
const pairs = fc
  .tuple(twoVersions, fc.boolean())
  .map(([[older, newer], forward]) => (forward ? ([newer, older] as const) : ([older, newer] as const)));

const isByAvro = ({ code }: { readonly code: string }): boolean => !['MEANING_CHANGED', 'KEY_CHANGED'].includes(code);

describe('the check and the codec agree:', () => {
  it('what the check accepts, the codec of the reader decodes, whatever the writer has written', async () => {
    let accepted = 0;
    const property = fc.asyncProperty(withRecords(), async ({ written, read, values }) => {
      fc.pre(breaksOf(writerOf(written), readBy('store', read)).filter(isByAvro).length === 0);
      accepted += 1;
      const writer = await codecOf(eventOf(written), written);
      const reader = await codecOf(eventOf(read), written);
      const messages = values.map((data) => writer.encode(eventOf(written)(data)));
      await reader.learn(messages);
      for (const message of messages) expect(reader.decode(message).data).toHaveProperty('orderId');
    });
    await fc.assert(property, { numRuns: 200, maxSkipsPerRun: 1_000 });
    expect(accepted).toBeGreaterThanOrEqual(200);
  });

  it('what the check refuses by the rules of Avro, the codec of the reader never decodes', async () => {
    const property = fc.asyncProperty(withRecords(), async ({ written, read, values }) => {
      fc.pre(breaksOf(writerOf(written), readBy('store', read)).some(isByAvro));
      const writer = await codecOf(eventOf(written), written);
      const reader = await codecOf(eventOf(read), written);
      const messages = values.map((data) => writer.encode(eventOf(written)(data)));
      await reader.learn(messages);
      for (const message of messages) expect(() => reader.decode(message)).toThrow(UndecodableMessage);
    });
    await fc.assert(property, { numRuns: 200, maxSkipsPerRun: 1_000 });
  });

  it('a difference is named exactly where avsc finds no way', () => {
    const property = fc.property(pairs, ([written, read]) => {
      const found = differences(avroTree(written.schema), avroTree(read.schema)).filter((one) => !isMeaningOnly(one));
      const way = wayOf(JSON.stringify(written.schema), readBy('store', read));
      // What is equal is not resolved, so that an alias which fits two fields does no harm.
      if ('type' in way && way.resolver === undefined) {
        expect(found.filter(({ code }) => code !== 'ALIAS_AMBIGUOUS')).toEqual([]);
        return;
      }
      expect(found.length === 0).toBe('type' in way);
      if (!('type' in way)) expect(way.map(({ code }) => code)).not.toContain('UNREADABLE');
    });
    fc.assert(property, { numRuns: 1_000 });
  });
});

it.each(events.map((event) => [event.messageName, event] as const))(
  '%s of a producer that added optional fields of any type is accepted',
  (_, event) => {
    const reader = readBy('store', { ...currentOf(event), version: 1 });
    const property = fc.property(upgradedProducer(event), ({ schema }) => {
      const writer = { ...writerOf({ ...currentOf(event), version: 2, schema }), key: event.key };
      expect(breaksOf(writer, reader)).toEqual([]);
    });
    fc.assert(property, { numRuns: 20 });
  },
);

/** A pair of versions in either order, and records of the writer. */
function withRecords() {
  return pairs.chain(([written, read]) => {
    const data = arbitraryEvent(eventOf(written)).map((event) => event.data);
    return fc.record({
      written: fc.constant(written),
      read: fc.constant(read),
      values: fc.array(data, { minLength: 1, maxLength: 5 }),
    });
  });
}
