import type { AnyMessageType } from '@troupe/chassis';
import { type AnyEventType, type AvroSchema, type Codec, codecOver, type SchemaSource } from '@troupe/schemas';

/** From this id on the registry has the next versions of our schemas: the same schema with one more field. */
export const UPGRADED_BY = 1_000_000;
const ADDED = { name: 'labels', type: { type: 'map', values: ['null', 'string'] }, default: {} };
/** The field with one entry, `{a: "b"}`. It follows the other fields of an event. */
export const ADDED_BYTES = Buffer.from([2, 2, 0x61, 2, 2, 0x62, 0]);

function upgraded(text: string): string {
  const schema = JSON.parse(text) as { readonly fields: readonly unknown[] };
  return JSON.stringify({ ...schema, fields: [...schema.fields, ADDED] });
}

/** A schema registry in memory. It has every schema that a service registers, and the next version of each. */
function registryInMemory(): SchemaSource {
  const schemas: string[] = [];
  return {
    async idOf(_: string, schema: AvroSchema) {
      const text = JSON.stringify(schema);
      if (!schemas.includes(text)) schemas.push(text);
      return schemas.indexOf(text) + 1;
    },
    async schemaById(id) {
      const text = schemas[(id % UPGRADED_BY) - 1];
      return text === undefined || id < UPGRADED_BY ? text : upgraded(text);
    },
  };
}

interface Service {
  readonly table: {
    readonly reactions: readonly { readonly emits: readonly AnyEventType[]; readonly hears: AnyMessageType }[];
  };
}
type Services = readonly Service[];

const codecs = new WeakMap<Services, Promise<Codec>>();

/** The production codec, prepared for all events of these services. All runs of them share it. */
export function codecFor(services: Services): Promise<Codec> {
  const known = codecs.get(services) ?? preparedCodec(services);
  codecs.set(services, known);
  return known;
}

async function preparedCodec(services: Services): Promise<Codec> {
  const rows = services.flatMap(({ table }) => table.reactions);
  const emitted = [...new Set(rows.flatMap(({ emits }) => emits))];
  const heard = rows.flatMap(({ hears }) => (hears.kind === 'event' ? [hears] : []));
  const codec = codecOver(registryInMemory(), [...new Set([...emitted, ...heard])]);
  await codec.prepare(emitted);
  return codec;
}
