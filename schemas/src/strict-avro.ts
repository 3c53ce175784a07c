import avsc, { type Type } from 'avsc';
import type { AnyEventType, AvroSchema } from './event-type.ts';
import type { Skip } from './skipping.ts';

// avsc trusts its input where we must not: a string may hold half a character, and a corrupt array may claim 2^40
// elements, which would end the process instead of the message. A long below -2^52 silently changes its sign, because its
// arithmetic is that of doubles. The types below close all three. They stand on methods that avsc keeps to itself, so its
// version is pinned, and the tests of this file's promises guard an update.

interface Tap {
  readonly buf: Buffer;
  pos: number;
  readLong(): number;
  skipLong(): void;
  writeLong(value: number): void;
}

interface Inner {
  _read(tap: Tap): unknown;
  _skip(tap: Tap): void;
  _write(tap: Tap, value: unknown): void;
  _check(value: unknown, flags: unknown, hook: ErrorHook): boolean;
}

type ErrorHook = ((value: unknown, type: unknown) => void) | undefined;

/** From here on, and below its negative, twice a number is no longer exact in the arithmetic of doubles. */
const INEXACT = 2 ** 52;
const LONGEST_VARINT = 10;

const StringType = avsc.types.StringType as unknown as new () => Inner;
const LongType = avsc.types.LongType as unknown as new () => Inner;
const NullType = avsc.types.NullType as unknown as new () => Inner;
const ArrayType = avsc.types.ArrayType as unknown as new (
  schema: unknown,
  options: unknown,
) => Inner & { itemsType: Inner };

/** A string whose every character UTF-8 can carry: what is written is what will be read. */
class WellFormedString extends StringType {
  override _write(tap: Tap, value: unknown): void {
    if (typeof value === 'string' && !isWellFormed(value)) throw new Error('lone surrogate');
    super._write(tap, value);
  }

  override _check(value: unknown, flags: unknown, hook: ErrorHook): boolean {
    if (typeof value !== 'string' || isWellFormed(value)) return super._check(value, flags, hook);
    hook?.(value, this);
    return false;
  }
}

/** A long that is exact over all safe integers, and refuses every other. */
class SafeLong extends LongType {
  override _read(tap: Tap): number {
    const start = tap.pos;
    const value = tap.readLong();
    return value < INEXACT && value > -INEXACT ? value : readExactly(tap, start);
  }

  override _write(tap: Tap, value: unknown): void {
    if (!Number.isSafeInteger(value)) throw new Error('not a safe integer');
    if ((value as number) > -INEXACT) tap.writeLong(value as number);
    else writeExactly(tap, BigInt(value as number));
  }

  override _check(value: unknown, _flags: unknown, hook: ErrorHook): boolean {
    if (Number.isSafeInteger(value)) return true;
    hook?.(value, this);
    return false;
  }
}

/** An array that holds no more elements than there are bytes left. */
class BoundedArray extends ArrayType {
  override _read(tap: Tap): unknown[] {
    const values: unknown[] = [];
    for (let left = blockLength(tap); left > 0; left = blockLength(tap)) {
      for (; left > 0; left -= 1) values.push(this.itemsType._read(tap));
    }
    return values;
  }

  override _skip(tap: Tap): void {
    for (let left = blockLength(tap); left > 0; left = blockLength(tap)) {
      for (; left > 0; left -= 1) this.itemsType._skip(tap);
    }
  }
}

/** Stands for values that are not read. */
class SkippedType extends NullType {
  readonly #skip: Skip;

  constructor(skip: Skip) {
    super();
    this.#skip = skip;
  }

  override _skip(tap: Tap): void {
    this.#skip(tap);
  }
}

/** A type, for the field of a writer's schema that no reader has. */
export const skippedType = (skip: Skip): Type => new SkippedType(skip) as unknown as Type;

/**
 * The avsc type of a schema. Its strings refuse lone surrogates, its arrays refuse lengths that cannot be, and its
 * records read as plain objects. Throws when the schema is not valid, or holds a map, which no event has.
 */
export function strictType(schema: AvroSchema): Type {
  const type = avsc.Type.forSchema(schema as unknown as avsc.Schema, { typeHook: ours, omitRecordMethods: true });
  readAsPlainObjects(type);
  return type;
}

/** The avsc type of a schema that others write with: as strict, and only read from. May hold what no event of ours has. */
export function typeOfWriter(schema: unknown): Type {
  return avsc.Type.forSchema(schema as avsc.Schema, { typeHook: strictly, omitRecordMethods: true });
}

const typesOfEvents = new WeakMap<AnyEventType, Type>();

/** The strict type of an event's own schema, made once per process. */
export function avroTypeOf(event: AnyEventType): Type {
  const known = typesOfEvents.get(event);
  if (known !== undefined) return known;
  const type = strictType(event.schema);
  typesOfEvents.set(event, type);
  return type;
}

function strictly(schema: unknown, options: unknown): Type | undefined {
  const name = typeof schema === 'string' ? schema : (schema as { type?: unknown }).type;
  if (name === 'string') return new WellFormedString() as unknown as Type;
  if (name === 'long') return new SafeLong() as unknown as Type;
  if (name === 'array') return new BoundedArray(schema, options) as unknown as Type;
  return undefined;
}

function ours(schema: unknown, options: unknown): Type | undefined {
  if ((schema as { type?: unknown }).type === 'map') throw new Error('maps are not supported');
  return strictly(schema, options);
}

function readAsPlainObjects(type: Type, seen = new Set<Type>()): void {
  if (seen.has(type)) return;
  seen.add(type);
  const { recordConstructor, fields, itemsType, types } = type as Partial<
    avsc.types.RecordType & { itemsType: Type; types: Type[] }
  >;
  if (recordConstructor !== undefined) (recordConstructor as { prototype: unknown }).prototype = Object.prototype;
  for (const inner of [...(fields ?? []).map((field) => field.type), ...(types ?? [])]) readAsPlainObjects(inner, seen);
  if (itemsType !== undefined) readAsPlainObjects(itemsType, seen);
}

function readExactly(tap: Tap, start: number): number {
  let zigzag = 0n;
  for (let index = 0; index < tap.pos - start && index < LONGEST_VARINT; index += 1) {
    zigzag |= BigInt((tap.buf[start + index] ?? 0) & 0x7f) << BigInt(7 * index);
  }
  const value = Number((zigzag >> 1n) ^ -(zigzag & 1n));
  if (!Number.isSafeInteger(value) || tap.pos - start > LONGEST_VARINT) throw new Error('a long is beyond ±(2^53-1)');
  return value;
}

function writeExactly(tap: Tap, negative: bigint): void {
  let zigzag = -2n * negative - 1n;
  for (; zigzag > 0x7fn; zigzag >>= 7n) tap.buf[tap.pos++] = Number(zigzag & 0x7fn) | 0x80;
  tap.buf[tap.pos++] = Number(zigzag);
}

function blockLength(tap: Tap): number {
  const count = tap.readLong();
  if (count < 0) tap.skipLong();
  const elements = Math.abs(count);
  // Written so that NaN, which a corrupt count can become, is refused too.
  if (!(elements <= tap.buf.length - tap.pos))
    throw new Error(`an array claims ${elements} elements, more than there are bytes`);
  return elements;
}

/** In V8 a flag check for most strings. TypeScript's library knows it from ES2024 on; Node has it since 20. */
const isWellFormed = (text: string): boolean => (text as string & { isWellFormed(): boolean }).isWellFormed();
