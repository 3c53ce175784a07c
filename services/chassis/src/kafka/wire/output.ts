import { crc32c } from './crc32c.ts';

export type Bytes = Buffer | string;

const NULL_LENGTH = -1;

/** What kafkajs expects of an encoder once it is full. */
export interface Encoded {
  readonly buf: Buffer;
  readonly buffer: Buffer;
}

export function sizeWithLength(value: Bytes | null | undefined): number {
  if (value === null || value === undefined) return varIntSize(NULL_LENGTH);
  const length = Buffer.byteLength(value);
  return varIntSize(length) + length;
}

const zigZag = (value: number): number => ((value << 1) ^ (value >> 31)) >>> 0;

export function varIntSize(value: number): number {
  const bits = 32 - Math.clz32(zigZag(value));
  return bits <= 7 ? 1 : Math.ceil(bits / 7);
}

/** Writes Kafka's types one after the other; whoever makes it knows the size. */
export class Output {
  readonly buffer: Buffer;
  #at = 0;

  constructor(size: number) {
    this.buffer = Buffer.allocUnsafe(size);
  }

  int8(value: number): void {
    this.buffer[this.#at++] = value;
  }
  int16(value: number): void {
    this.#at = this.buffer.writeInt16BE(value, this.#at);
  }
  int32(value: number): void {
    this.#at = this.buffer.writeInt32BE(value, this.#at);
  }
  int64(value: bigint): void {
    this.#at = this.buffer.writeBigInt64BE(value, this.#at);
  }

  varInt(value: number): void {
    let rest = zigZag(value);
    while (rest > 0x7f) {
      this.buffer[this.#at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.buffer[this.#at++] = rest;
  }

  bytes(value: Bytes): void {
    this.#at += typeof value === 'string' ? this.buffer.write(value, this.#at) : value.copy(this.buffer, this.#at);
  }

  /** With an int16 length before it. */
  string(text: string): void {
    this.int16(Buffer.byteLength(text));
    this.bytes(text);
  }

  /** With its length before it; null is a length of -1. */
  withLength(value: Bytes | null | undefined): void {
    this.varInt(value === null || value === undefined ? NULL_LENGTH : Buffer.byteLength(value));
    if (value) this.bytes(value);
  }

  /** The CRC-32C of what `write` writes, before it. */
  checksum(write: () => void): void {
    const place = this.#at;
    this.#at += 4;
    write();
    this.buffer.writeUInt32BE(crc32c(this.buffer.subarray(place + 4, this.#at)), place);
  }

  get encoded(): Encoded {
    return { buf: this.buffer, buffer: this.buffer };
  }
}
