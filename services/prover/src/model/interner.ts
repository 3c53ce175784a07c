import { canonical } from './canonical.ts';

/** Gives equal values one small number, from 0 on. */
export class Interner<Value> {
  readonly #ids = new Map<string, number>();
  readonly #values: Value[] = [];

  idOf(value: Value): number {
    const text = canonical(value);
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    this.#values.push(value);
    this.#ids.set(text, this.#values.length - 1);
    return this.#values.length - 1;
  }

  valueOf(id: number): Value {
    const value = this.#values[id];
    if (value === undefined) throw new RangeError(`Nothing was given the number ${id}.`);
    return value;
  }

  get size(): number {
    return this.#values.length;
  }
}
