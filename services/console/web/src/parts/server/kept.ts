import { useSyncExternalStore } from 'react';

/**
 * A small thing that this browser keeps for its user: the operator's name, saved views. Where the browser keeps nothing, it lives as
 * long as the page.
 */
export class Kept<T> {
  readonly #name: string;
  readonly #fallback: T;
  readonly #listeners = new Set<() => void>();
  #value: T | undefined;

  constructor(name: string, fallback: T) {
    this.#name = name;
    this.#fallback = fallback;
  }

  get(): T {
    this.#value ??= this.#read();
    return this.#value;
  }

  set(value: T): void {
    this.#value = value;
    try {
      localStorage.setItem(this.#name, JSON.stringify(value));
    } catch {
      // Storage is full or forbidden: the value lives on in this page.
    }
    for (const listener of this.#listeners) listener();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #read(): T {
    try {
      const text = localStorage.getItem(this.#name);
      return text === null ? this.#fallback : (JSON.parse(text) as T);
    } catch {
      return this.#fallback;
    }
  }
}

export const useKept = <T>(kept: Kept<T>): T => useSyncExternalStore(kept.subscribe, () => kept.get());

/** Who acts: sent with each act and written down by the service. */
export const operatorName = new Kept('troupe.operator', '');
