/** A schema with every name resolved. A recursive one is a cycle of these. */
export type AvroTree =
  | AvroPrimitive
  | { readonly kind: 'array' | 'map'; readonly of: AvroTree }
  | { readonly kind: 'union'; readonly branches: readonly AvroTree[] }
  | { readonly kind: 'reference'; readonly to: () => AvroNamed }
  | AvroNamed;

export interface AvroPrimitive {
  readonly kind: Primitive;
  /** What the number or text stands for: `timestamp-millis`. */
  readonly logical?: string;
}
export type AvroNamed = AvroRecord | AvroEnum | AvroFixed;
export interface AvroRecord extends Named {
  readonly kind: 'record';
  readonly fields: readonly AvroField[];
}
export interface AvroField {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly type: AvroTree;
  /** A reader can do without it. */
  readonly hasDefault: boolean;
}
export interface AvroEnum extends Named {
  readonly kind: 'enum';
  readonly symbols: readonly string[];
  /** What a reader takes in place of a symbol that it does not know. */
  readonly fallback: string | undefined;
}
export interface AvroFixed extends Named {
  readonly kind: 'fixed';
  readonly size: number;
}
interface Named {
  /** With its namespace. */
  readonly name: string;
  /** As they are written. */
  readonly aliases: readonly string[];
}

const PRIMITIVES = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const;
export type Primitive = (typeof PRIMITIVES)[number];

/** So many levels of a schema may lie within one another; each costs a frame of the stack. */
const DEEPEST = 200;

type Json = Readonly<Record<string, unknown>>;
interface Place {
  readonly namespace: string;
  readonly depth: number;
}

/**
 * Reads a schema as its names and shapes: what is needed to read bytes that were written with it. Of defaults only is kept
 * that there is one. Docs, orders and attributes of the writer's own change no byte, and are not looked at.
 *
 * @throws Error when it is no schema, or names a type that it does not define.
 */
export function avroTree(schema: unknown): AvroTree {
  return new Reading().whole(schema);
}

/** The type without its namespace. */
export const unqualified = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

class Reading {
  readonly #named = new Map<string, AvroNamed>();
  readonly #references: (() => AvroNamed)[] = [];

  whole(schema: unknown): AvroTree {
    const tree = this.#tree(schema, { namespace: '', depth: 0 });
    for (const find of this.#references) find();
    return tree;
  }

  #tree(schema: unknown, place: Place): AvroTree {
    if (place.depth > DEEPEST) throw new Error(`its types lie deeper than ${DEEPEST} levels within one another`);
    const at = { ...place, depth: place.depth + 1 };
    if (typeof schema === 'string') return this.#called(schema, at);
    if (Array.isArray(schema)) return { kind: 'union', branches: schema.map((branch) => this.#tree(branch, at)) };
    if (typeof schema !== 'object' || schema === null) throw new Error(`${JSON.stringify(schema)} is no type`);
    return this.#defined(schema as Json, at);
  }

  #defined(schema: Json, at: Place): AvroTree {
    switch (schema.type) {
      case 'array':
        return { kind: 'array', of: this.#tree(schema.items, at) };
      case 'map':
        return { kind: 'map', of: this.#tree(schema.values, at) };
      case 'record':
      case 'error':
        return this.#record(schema, at);
      case 'enum': {
        const symbols = listOf(schema, 'symbols').map(String);
        const fallback = typeof schema.default === 'string' ? schema.default : undefined;
        return this.#add({ kind: 'enum', ...namesOf(schema, at), symbols, fallback });
      }
      case 'fixed': {
        const { size } = schema;
        if (!Number.isSafeInteger(size) || (size as number) < 0) throw new Error(`${size} is no size of a fixed`);
        return this.#add({ kind: 'fixed', ...namesOf(schema, at), size: size as number });
      }
      default:
        return logically(this.#tree(schema.type, at), schema.logicalType);
    }
  }

  #record(schema: Json, at: Place): AvroRecord {
    const fields: AvroField[] = [];
    const record = this.#add({ kind: 'record', ...namesOf(schema, at), fields });
    const within = { ...at, namespace: namespaceOf(record.name) };
    for (const field of listOf(schema, 'fields') as readonly Json[]) {
      const { name, type } = field;
      if (typeof name !== 'string' || name === '') throw new Error(`a field of ${record.name} has no name`);
      const hasDefault = 'default' in field;
      fields.push({ name, aliases: aliasesOf(field), type: this.#tree(type, within), hasDefault });
    }
    return record;
  }

  #add<N extends AvroNamed>(type: N): N {
    if (this.#named.has(type.name)) throw new Error(`it defines ${type.name} twice`);
    this.#named.set(type.name, type);
    return type;
  }

  #called(name: string, { namespace }: Place): AvroTree {
    if ((PRIMITIVES as readonly string[]).includes(name)) return { kind: name as Primitive };
    const to = (): AvroNamed => {
      const found = this.#named.get(qualified(name, namespace)) ?? this.#named.get(name);
      if (found !== undefined) return found;
      throw new Error(`it names the type ${name}, which it does not define; references to other schemas are not read`);
    };
    this.#references.push(to);
    return { kind: 'reference', to };
  }
}

function namesOf(schema: Json, { namespace }: Place): Named {
  const { name } = schema;
  if (typeof name !== 'string' || name === '') throw new Error(`a type of it (${String(schema.type)}) has no name`);
  const own = typeof schema.namespace === 'string' ? schema.namespace : namespace;
  return { name: qualified(name, own), aliases: aliasesOf(schema) };
}

function logically(tree: AvroTree, logical: unknown): AvroTree {
  return isPrimitive(tree) && typeof logical === 'string' ? { ...tree, logical } : tree;
}

const isPrimitive = (tree: AvroTree): tree is AvroPrimitive => (PRIMITIVES as readonly string[]).includes(tree.kind);

const qualified = (name: string, namespace: string): string =>
  name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
const namespaceOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('.')));
const aliasesOf = ({ aliases }: Json): string[] => (Array.isArray(aliases) ? aliases.map(String) : []);

function listOf(schema: Json, property: string): readonly unknown[] {
  const list = schema[property];
  if (!Array.isArray(list)) throw new Error(`${String(schema.name)} has no list of ${property}`);
  return list;
}
