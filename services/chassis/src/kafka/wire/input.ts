/** A number, or bytes, that this reader does not know how to read. */
export class NotReadable extends Error {}

const TWO_TO_32 = 4_294_967_296;
/** Of a varint of 64 bits. */
const LONGEST = 10;

/** Reads Kafka's types one after the other, from bytes that belong to somebody else. Throws RangeError behind their end. */
export class Input {
  readonly buffer: Buffer;
  at: number;

  constructor(buffer: Buffer, at = 0) {
    this.buffer = buffer;
    this.at = at;
  }

  get left(): number {
    return this.buffer.length - this.at;
  }

  int8(): number {
    const value = this.buffer.readInt8(this.at);
    this.at += 1;
    return value;
  }
  int16(): number {
    const value = this.buffer.readInt16BE(this.at);
    this.at += 2;
    return value;
  }
  int32(): number {
    const value = this.buffer.readInt32BE(this.at);
    this.at += 4;
    return value;
  }
  /** @throws NotReadable above 2^53: no log has come so far. */
  int64(): number {
    const value = this.roundedInt64();
    if (!Number.isSafeInteger(value)) throw new NotReadable('a number of more than 53 bits');
    return value;
  }

  /** Rounded above 2^53: a time in milliseconds is exact for 285,000 years. */
  roundedInt64(): number {
    const value = this.buffer.readInt32BE(this.at) * TWO_TO_32 + this.buffer.readUInt32BE(this.at + 4);
    this.at += 8;
    return value;
  }

  /** Of at most 32 bits, zig-zag. */
  varInt(): number {
    let byte = this.buffer[this.at++] as number;
    let bits = byte & 0x7f;
    for (let shift = 7; byte >= 0x80; shift += 7) {
      byte = this.buffer[this.at++] as number;
      bits |= (byte & 0x7f) << shift;
    }
    return (bits >>> 1) ^ -(bits & 1);
  }

  /** Zig-zag; rounded above 2^53. @throws NotReadable behind the bytes of an int64. */
  varLong(): number {
    let byte = this.buffer[this.at++] as number;
    const isNegative = (byte & 1) === 1;
    let value = (byte & 0x7f) >>> 1;
    let scale = 0x40;
    for (let count = 1; byte >= 0x80; count += 1) {
      if (count === LONGEST) throw new NotReadable('a varint of more than 64 bits');
      byte = this.buffer[this.at++] as number;
      value += (byte & 0x7f) * scale;
      scale *= 0x80;
    }
    return isNegative ? -value - 1 : value;
  }

  /** With an int16 length before it; never null here. */
  string(): string {
    return this.text(Math.max(this.int16(), 0));
  }

  text(length: number): string {
    const text = this.buffer.toString('utf8', this.at, this.at + length);
    this.at += length;
    return text;
  }

  /** With a varint length before it. Not copied. */
  bytes(): Buffer | null {
    return this.#part(this.varInt());
  }

  /** With an int32 length before it. Not copied. */
  longBytes(): Buffer | null {
    return this.#part(this.int32());
  }

  #part(length: number): Buffer | null {
    if (length < 0) return null;
    const bytes = this.buffer.subarray(this.at, this.at + length);
    this.at += length;
    return bytes;
  }
}
