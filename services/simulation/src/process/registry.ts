import type { AnyMessageType } from '@troupe/chassis';
import { type AnyEventType, type AvroSchema, type Codec, codecOver, type SchemaSource } from '@troupe/schemas';

/** A schema registry that knows every schema it is asked for. */
function registryInMemory(): SchemaSource {
  const schemas: string[] = [];
  return {
    async idOf(_: string, schema: AvroSchema) {
      const text = JSON.stringify(schema);
      if (!schemas.includes(text)) schemas.push(text);
      return schemas.indexOf(text) + 1;
    },
    schemaById: async (id) => schemas[id - 1],
  };
}

const codec = codecOver(registryInMemory());
let prepared: Promise<void> | undefined;

interface Tables {
  readonly reactions: readonly { readonly emits: readonly AnyEventType[]; readonly hears: AnyMessageType }[];
}

/** The real codec, ready for everything that these tables say: it is the same for every run. */
export async function codecFor(tables: readonly Tables[]): Promise<Codec> {
  prepared ??= codec.prepare([...new Set(tables.flatMap(({ reactions }) => reactions.flatMap(({ emits }) => emits)))]);
  await prepared;
  return codec;
}
