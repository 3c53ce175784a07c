import type { Resolver, Type } from 'avsc';
import { type AvroNamed, type AvroRecord, type AvroTree, avroTree, unqualified } from './avro-tree.ts';
import { skipOf } from './skipping.ts';
import { skippedType, typeOfWriter } from './strict-avro.ts';

/** A schema that somebody has written with. */
export interface WrittenSchema {
  /** Of its record, with namespace; undefined when it is of something else. */
  readonly name: string | undefined;
  /** The type from which a reader of `schema` resolves: all of Avro, where the reader has no such field. */
  typeFor(schema: unknown): Type;
}

/** @throws SyntaxError or Error when it cannot be read as an Avro schema. */
export function writtenSchema(text: string): WrittenSchema {
  const tree = avroTree(JSON.parse(text));
  return {
    name: tree.kind === 'record' ? tree.name : undefined,
    typeFor: (schema) => typeOfWriter(new Rewriting(knownFields(avroTree(schema))).of(tree)),
  };
}

/**
 * From what was written to what is read; undefined when they are the same. The codec reads by it, and the check of schemas
 * decides by it. Registries compare the names of nested types without their namespaces, and so do we.
 *
 * @throws Error when the reader cannot read what the writer writes.
 */
export function resolverOf(reader: Type, writer: Type): Resolver | undefined {
  return reader.equals(writer) ? undefined : reader.createResolver(writer, { ignoreNamespaces: true });
}

/** By the name of a record without its namespace: what a reader may want of it. */
type KnownFields = ReadonlyMap<string, ReadonlySet<string>>;

function knownFields(reader: AvroTree): KnownFields {
  const known = new Map<string, Set<string>>();
  const seen = new Set<AvroTree>();
  const look = (tree: AvroTree): void => {
    if (seen.has(tree)) return;
    seen.add(tree);
    if (tree.kind === 'reference') look(tree.to());
    if (tree.kind === 'array' || tree.kind === 'map') look(tree.of);
    if (tree.kind === 'union') tree.branches.forEach(look);
    if (tree.kind !== 'record') return;
    const names = tree.fields.flatMap(({ name, aliases }) => [name, ...aliases]);
    for (const name of [tree.name, ...tree.aliases].map(unqualified))
      known.set(name, new Set([...(known.get(name) ?? []), ...names]));
    for (const { type } of tree.fields) look(type);
  };
  look(reader);
  return known;
}

const AVSC_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * A writer's schema as avsc takes it: what the reader knows is as it was written; every other field is of a type that is only
 * skipped, so that avsc need not understand it. Defaults are left out: a writer's are for nobody.
 */
class Rewriting {
  readonly #known: KnownFields;
  readonly #defined = new Set<AvroNamed>();

  constructor(known: KnownFields) {
    this.#known = known;
  }

  of(tree: AvroTree): unknown {
    const type = tree.kind === 'reference' ? tree.to() : tree;
    switch (type.kind) {
      case 'array':
        return { type: 'array', items: this.of(type.of) };
      case 'map':
        return { type: 'map', values: this.of(type.of) };
      case 'union':
        return type.branches.map((branch) => this.of(branch));
      case 'record':
      case 'enum':
      case 'fixed':
        return this.#named(type);
      default:
        return type.kind;
    }
  }

  #named(type: AvroNamed): unknown {
    const name = nameOf(type);
    if (this.#defined.has(type)) return name;
    this.#defined.add(type);
    switch (type.kind) {
      case 'enum':
        return {
          type: 'enum',
          name,
          symbols: type.symbols.map((symbol, at) => (AVSC_NAME.test(symbol) ? symbol : `_${at}`)),
        };
      case 'fixed':
        return { type: 'fixed', name, size: type.size };
      case 'record':
        return { type: 'record', name, fields: this.#fields(type) };
      default:
        return type satisfies never;
    }
  }

  #fields({ name: record, fields }: AvroRecord): unknown {
    const known = this.#known.get(unqualified(record));
    return fields.map(({ name, type }, at) =>
      known?.has(name) ? { name, type: this.of(type) } : { name: `_skipped_${at}`, type: skippedType(skipOf(type)) },
    );
  }
}

/** Within avsc every name has a namespace, so that none is taken for one of the namespace around it. */
const nameOf = ({ name }: AvroNamed): string => (name.includes('.') ? name : `none.${name}`);
