import type { AvroTree } from './avro-tree.ts';

// Reads past values of a type that this process does not know, as a newer producer writes them. The bytes may come from
// anybody: no value costs more than its bytes, whatever it claims to be.

/** Where somebody is in a message. */
export interface Position {
  readonly buf: Buffer;
  pos: number;
}

/** Moves behind a value. Throws when what is there cannot be one. */
export type Skip = (at: Position) => void;

type Within = (at: Position, depth: number) => void;

/** So many values may lie within one another; each costs a few frames of the stack. */
const DEEPEST = 1_000;
const LONGEST_INT = 5;
const LONGEST_LONG = 10;

/** What skips values of a type. Linear in their bytes: what takes no bytes takes no time. */
export function skipOf(tree: AvroTree): Skip {
  const skip = new Skipping().of(tree);
  return (at) => skip(at, 0);
}

class Skipping {
  /** By type, since named types can hold themselves. */
  readonly #known = new Map<AvroTree, Within>();
  readonly #empty = new Map<AvroTree, boolean>();

  of(tree: AvroTree): Within {
    const type = tree.kind === 'reference' ? tree.to() : tree;
    const known = this.#known.get(type);
    if (known !== undefined) return known;
    let made: Within | undefined;
    // A type that holds itself finds this before it is made.
    this.#known.set(type, (at, depth) => (made as Within)(at, depth));
    made = this.#isEmpty(type) ? nothing : this.#made(type);
    this.#known.set(type, made);
    return made;
  }

  /** Whether every value of it takes no bytes. A type that holds itself without a choice has no values, and so is not. */
  #isEmpty(tree: AvroTree): boolean {
    const type = tree.kind === 'reference' ? tree.to() : tree;
    if (type.kind === 'null') return true;
    if (type.kind === 'fixed') return type.size === 0;
    if (type.kind !== 'record') return false;
    const known = this.#empty.get(type);
    if (known !== undefined) return known;
    this.#empty.set(type, false);
    const empty = type.fields.every((field) => this.#isEmpty(field.type));
    this.#empty.set(type, empty);
    return empty;
  }

  #made(type: Exclude<AvroTree, { kind: 'reference' }>): Within {
    switch (type.kind) {
      case 'null':
        return nothing;
      case 'boolean':
        return (at) => ahead(at, 1);
      case 'int':
      case 'enum':
        return (at) => void varint(at, LONGEST_INT);
      case 'long':
        return (at) => void varint(at, LONGEST_LONG);
      case 'float':
        return (at) => ahead(at, 4);
      case 'double':
        return (at) => ahead(at, 8);
      case 'bytes':
      case 'string':
        return text;
      case 'fixed':
        return (at) => ahead(at, type.size);
      case 'array':
        return blocks('an array', this.of(type.of), this.#isEmpty(type.of));
      case 'map': {
        const value = this.of(type.of);
        const entry: Within = (at, depth) => {
          text(at);
          value(at, depth);
        };
        return blocks('a map', entry);
      }
      case 'union':
        return oneOf(type.branches.map((branch) => this.of(branch)));
      case 'record':
        return all(type.fields.map((field) => this.of(field.type)).filter((skip) => skip !== nothing));
      default:
        return type satisfies never;
    }
  }
}

const nothing: Within = () => undefined;

const text = (at: Position): void => ahead(at, varint(at, LONGEST_LONG));

function all(fields: readonly Within[]): Within {
  return (at, depth) => {
    if (depth > DEEPEST) throw new Error(`a value of it lies deeper than ${DEEPEST} levels within others`);
    for (const field of fields) field(at, depth + 1);
  };
}

function oneOf(branches: readonly Within[]): Within {
  return (at, depth) => {
    const index = varint(at, LONGEST_LONG);
    const branch = branches[index];
    if (branch === undefined) throw new Error(`a union has no branch ${index}`);
    branch(at, depth + 1);
  };
}

/** Arrays and maps: blocks of values, of which those with a negative count say how many bytes they take. */
function blocks(what: string, value: Within, isEmptyValue = false): Within {
  return (at, depth) => {
    if (depth > DEEPEST) throw new Error(`a value of it lies deeper than ${DEEPEST} levels within others`);
    for (let count = varint(at, LONGEST_LONG); count !== 0; count = varint(at, LONGEST_LONG)) {
      if (count < 0) ahead(at, varint(at, LONGEST_LONG));
      else if (!isEmptyValue) {
        const left = at.buf.length - at.pos;
        // Each value that is not always empty takes a byte or more.
        if (count > left) throw new Error(`${what} claims ${count} elements, more than there are bytes`);
        for (let index = 0; index < count; index += 1) value(at, depth + 1);
      }
    }
  };
}

function ahead(at: Position, bytes: number): void {
  if (!(bytes >= 0)) throw new Error(`a length of ${bytes} is negative`);
  if (bytes > at.buf.length - at.pos) throw new Error('it is truncated');
  at.pos += bytes;
}

/** A number of variable length; beyond ±2^53 about so large. */
function varint(at: Position, longest: number): number {
  let zigzag = 0;
  let weight = 1;
  for (let length = 1; length <= longest; length += 1) {
    const byte = at.buf[at.pos];
    if (byte === undefined) throw new Error('it is truncated');
    at.pos += 1;
    zigzag += (byte & 0x7f) * weight;
    weight *= 128;
    if (byte < 0x80) return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  }
  throw new Error(`a number takes more than ${longest} bytes`);
}
