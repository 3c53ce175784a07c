import { grown } from './grown.ts';

const FREE = -1;

/**
 * A set of vectors of small numbers, all of one width. Each is stored once and has a number, in the order of their coming.
 * Vectors are compared whole: two states never count as one because their hashes agree.
 */
export class VectorTable {
  readonly #width: number;
  #vectors: Int32Array<ArrayBuffer>;
  /** Open addressing; twice as many slots as vectors, at least. */
  #slots: Int32Array;
  #size = 0;

  constructor(width: number) {
    this.#width = width;
    this.#vectors = new Int32Array(width * 1_024);
    this.#slots = new Int32Array(4_096).fill(FREE);
  }

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#vectors.byteLength + this.#slots.byteLength;
  }

  /** The number of a vector. It is new when the number is the size from before. */
  idOf(vector: ArrayLike<number>): number {
    if (2 * this.#size >= this.#slots.length) this.#rehash();
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(vector, this.#width) & mask; ; slot = (slot + 1) & mask) {
      const id = this.#slots[slot] as number;
      if (id === FREE) {
        this.#slots[slot] = this.#size;
        return this.#append(vector);
      }
      if (this.#equals(id, vector)) return id;
    }
  }

  read(id: number): number[] {
    const from = id * this.#width;
    const vector: number[] = [];
    for (let at = 0; at < this.#width; at += 1) vector.push(this.#vectors[from + at] as number);
    return vector;
  }

  #append(vector: ArrayLike<number>): number {
    const from = this.#size * this.#width;
    if (from + this.#width > this.#vectors.length) this.#vectors = grown(this.#vectors);
    for (let at = 0; at < this.#width; at += 1) this.#vectors[from + at] = vector[at] as number;
    this.#size += 1;
    return this.#size - 1;
  }

  #equals(id: number, vector: ArrayLike<number>): boolean {
    const from = id * this.#width;
    for (let at = 0; at < this.#width; at += 1) if (this.#vectors[from + at] !== vector[at]) return false;
    return true;
  }

  #rehash(): void {
    this.#slots = new Int32Array(2 * this.#slots.length).fill(FREE);
    const mask = this.#slots.length - 1;
    for (let id = 0; id < this.#size; id += 1) {
      const vector = this.read(id);
      let slot = hashOf(vector, this.#width) & mask;
      while (this.#slots[slot] !== FREE) slot = (slot + 1) & mask;
      this.#slots[slot] = id;
    }
  }
}

/** FNV-1a over the numbers, and the last step of MurmurHash3, so that the low bits depend on all of them. */
function hashOf(vector: ArrayLike<number>, width: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < width; at += 1) hash = Math.imul(hash ^ (vector[at] as number), 0x01000193);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  return hash >>> 0;
}
