import type { AnyMessageType } from '@troupe/chassis';
import { type AnyEventType, type AvroSchema, type Codec, codecOver, type SchemaSource } from '@troupe/schemas';

/** Behind the ids of our schemas lie those of producers who are ahead of us: the same schema, and one more field. */
export const UPGRADED_BY = 1_000_000;
const ADDED = { name: 'labels', type: { type: 'map', values: ['null', 'string'] }, default: {} };
/** One entry of that field: `{a: "b"}`. It stands behind the fields that an event had before. */
export const ADDED_BYTES = Buffer.from([2, 2, 0x61, 2, 2, 0x62, 0]);

function upgraded(text: string): string {
  const schema = JSON.parse(text) as { readonly fields: readonly unknown[] };
  return JSON.stringify({ ...schema, fields: [...schema.fields, ADDED] });
}

/** A schema registry that knows every schema it is asked for, and the next version of each. */
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

/** The real codec, ready for everything that these services say: it is the same for every run of them. */
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
