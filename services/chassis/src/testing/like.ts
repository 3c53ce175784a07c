import { expect } from 'expect';

declare const likeness: unique symbol;

/** Matches every value that has at least these parts; where a list is, all of its elements in their order. */
export interface Like<out T> {
  readonly [likeness]: T;
}

/** Parts of a value: fields of objects may be left out, at any depth. */
export type PartsOf<T> = T extends Date | Buffer | string | number | boolean | bigint | null | undefined
  ? T
  : T extends readonly (infer Element)[]
    ? readonly PartsOf<Element>[]
    : { readonly [Field in keyof T]?: PartsOf<T[Field]> };

/** `state: like({ status: 'FAILED' })` in place of a whole state. */
export function like<T>(parts: NoInfer<PartsOf<T>>): Like<T> {
  return matcherOf(parts) as Like<T>;
}

function matcherOf(parts: unknown): unknown {
  if (Array.isArray(parts)) return parts.map(matcherOf);
  if (!isPlain(parts)) return parts;
  return expect.objectContaining(
    Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, matcherOf(part)])),
  );
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
