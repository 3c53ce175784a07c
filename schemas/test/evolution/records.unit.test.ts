import { describe, expect, it } from '@jest/globals';
import { codecOver } from '../../src/codec.ts';
import { RegistryUnavailable } from '../../src/errors.ts';
import { eventType } from '../../src/event-type.ts';
import { RecordCheck } from '../../src/evolution/records.ts';
import type { SchemaVersion } from '../../src/evolution/version.ts';
import { EVENT, readBy, schemaWith, versionWith } from './versions.ts';

const note = { name: 'note', type: 'string' };
const older = versionWith(1, note);
const newer = versionWith(2);
/** By schema id. */
const schemas = new Map<number, string>([
  [1, JSON.stringify(older.schema)],
  [2, JSON.stringify(newer.schema)],
  [3, JSON.stringify(schemaWith(note, { name: 'count', type: 'long' }))],
  [4, JSON.stringify({ ...schemaWith(note), name: 'BoxLost' })],
  [5, 'syntax = "proto3";'],
]);
const registry = { schemaById: async (id: number) => schemas.get(id) };

async function written(id: number, version: SchemaVersion, data: object): Promise<Buffer> {
  const event = eventType('BoxPacked', 'box', { ...version.schema, key: 'orderId' });
  const codec = codecOver({ ...registry, idOf: async () => id }, [event]);
  await codec.prepare([event]);
  return codec.encode(event({ orderId: 'o-1', ...data }));
}

async function look(
  topic: string,
  values: readonly (Buffer | null)[],
  readers = [readBy('store', older), readBy('scale', newer)],
) {
  const check = new RecordCheck(registry, readers);
  await check.learn(values.filter((value) => value !== null));
  for (const [at, value] of values.entries()) check.look({ topic, partition: 4, offset: String(at), value });
  return check.report();
}

describe('records in the topics', () => {
  it('are counted for each reader that can read them', async () => {
    const values = [await written(1, older, { note: 'fragile' }), await written(1, older, { note: '' })];
    expect(await look('box.events', values)).toEqual({
      records: 2,
      written: [{ event: EVENT, schemaId: 1, records: 2 }],
      read: [
        { service: 'store', event: EVENT, version: 1, records: 2 },
        { service: 'scale', event: EVENT, version: 2, records: 2 },
      ],
      faults: [],
      foreign: [],
    });
  });

  it('are named with place, schema, service and field where a reader cannot read them', async () => {
    const { read, faults } = await look('box.events', [await written(2, newer, {})]);
    expect(read).toEqual([{ service: 'scale', event: EVENT, version: 2, records: 1 }]);
    expect(faults).toEqual([
      {
        topic: 'box.events',
        partition: 4,
        offset: '0',
        schemaId: 2,
        event: EVENT,
        service: 'store',
        version: 1,
        field: 'note',
        reason: 'FIELD_MISSING (written: -, read: string)',
      },
    ]);
  });

  it('are named with the field also where only their value cannot be read', async () => {
    // A long of 2^60, as only another producer writes it.
    const value = Buffer.from(`0000000003${'066f2d31'}${'0261'}808080808080808020`, 'hex');
    const reader = readBy('store', versionWith(3, note, { name: 'count', type: 'long' }));
    const { faults, foreign } = await look('box.events', [value], [reader]);
    expect(foreign).toEqual([]);
    expect(faults).toMatchObject([{ schemaId: 3, field: 'count', reason: 'a long is beyond ±(2^53-1)' }]);
  });

  it('of dead letters are for the service that set them aside', async () => {
    const { read, faults } = await look('store.dlq', [await written(2, newer, {})]);
    expect({ read, faults }).toMatchObject({ read: [], faults: [{ topic: 'store.dlq', service: 'store' }] });
    expect(await look('test-7.scale.dlq', [await written(2, newer, {})])).toMatchObject({
      read: [{ service: 'scale', records: 1 }],
      faults: [],
    });
  });

  it('that are for nobody are counted by their reason, with the first place', async () => {
    const whole = await written(1, older, { note: 'fragile' });
    const values = [
      null,
      Buffer.from('hello, this is text'),
      Buffer.from('000000000900', 'hex'),
      Buffer.from('000000000400', 'hex'),
      Buffer.from('000000000500', 'hex'),
      whole.subarray(0, -1),
      Buffer.concat([whole, Buffer.from([0])]),
      null,
    ];
    const { foreign, faults, read } = await look('box.events', values);
    expect({ faults, read }).toEqual({ faults: [], read: [] });
    expect(foreign.map(({ code, offset, records }) => [code, offset, records])).toEqual([
      ['NO_VALUE', '0', 2],
      ['NOT_CONFLUENT_AVRO', '1', 1],
      ['SCHEMA_UNKNOWN', '2', 1],
      ['EVENT_UNKNOWN', '3', 1],
      ['SCHEMA_UNUSABLE', '4', 1],
      ['AVRO_BROKEN', '5', 1],
      ['AVRO_BROKEN', '6', 1],
    ]);
  });

  it('of a batch that cannot be read are counted as one', () => {
    const check = new RecordCheck(registry, []);
    check.look({ topic: 'box.events', partition: 0, offset: '9', value: Buffer.from([1]), unreadable: 'CRC' });
    expect(check.report().foreign).toMatchObject([{ code: 'BATCH_UNREADABLE', reason: 'CRC', records: 1 }]);
  });

  it('are not judged while the registry is away: it is asked again', async () => {
    let away = true;
    const check = new RecordCheck(
      { schemaById: (id) => (away ? Promise.reject(new RegistryUnavailable('away')) : registry.schemaById(id)) },
      [readBy('store', older)],
    );
    const value = await written(1, older, { note: '' });
    await expect(check.learn([value])).rejects.toBeInstanceOf(RegistryUnavailable);
    expect(() => check.look({ topic: 'box.events', partition: 0, offset: '0', value })).toThrow(/not known yet/);
    away = false;
    await check.learn([value]);
    check.look({ topic: 'box.events', partition: 0, offset: '0', value });
    expect(check.report().read).toMatchObject([{ records: 1 }]);
  });
});
