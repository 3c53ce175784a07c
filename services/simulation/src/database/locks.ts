import type { Incarnation } from '../world/incarnation.ts';
import type { World } from '../world/world.ts';

/** A transaction: it takes locks one by one, and releases all of them at once. */
export interface Holder {
  readonly incarnation: Incarnation;
  readonly isOver: boolean;
}

interface Waiter {
  readonly holder: Holder;
  go(): void;
}

/** The error that PostgreSQL gives. */
export class Deadlock extends Error {
  readonly code = '40P01';
  constructor() {
    super('deadlock detected');
  }
}

/** Exclusive locks by name, first come, first served. A holder that would wait in a circle gets a Deadlock instead. */
export class Locks {
  readonly #world: World;
  readonly #holders = new Map<string, Holder>();
  readonly #waiting = new Map<string, Waiter[]>();

  constructor(world: World) {
    this.#world = world;
  }

  get size(): number {
    return this.#holders.size;
  }

  isFree(name: string): boolean {
    return !this.#holders.has(name);
  }

  /** Undefined when the lock was free; otherwise a promise that settles when the holder has it, or is over. */
  take(name: string, holder: Holder): Promise<void> | undefined {
    const other = this.#holders.get(name);
    if (other === holder) return undefined;
    if (other === undefined) {
      this.#holders.set(name, holder);
      return undefined;
    }
    if (this.#waitsFor(other, holder)) throw new Deadlock();
    this.#world.note('a transaction waited for a lock');
    return new Promise((go) => {
      const queue = this.#waiting.get(name) ?? [];
      queue.push({ holder, go });
      this.#waiting.set(name, queue);
    });
  }

  /** Wakes the holder if it waits, and gives each of its locks to the next in line. */
  release(holder: Holder): void {
    this.#stopWaiting(holder);
    for (const [name, by] of this.#holders) {
      if (by !== holder) continue;
      this.#holders.delete(name);
      this.#next(name);
    }
  }

  #stopWaiting(holder: Holder): void {
    for (const [name, queue] of this.#waiting) {
      for (const waiter of queue) if (waiter.holder === holder) this.#world.soon(holder.incarnation, waiter.go);
      const others = queue.filter((waiter) => waiter.holder !== holder);
      if (others.length === 0) this.#waiting.delete(name);
      else this.#waiting.set(name, others);
    }
  }

  #next(name: string): void {
    const queue = this.#waiting.get(name) ?? [];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (next.holder.isOver || !next.holder.incarnation.alive) continue;
      this.#holders.set(name, next.holder);
      this.#world.soon(next.holder.incarnation, next.go);
      return;
    }
  }

  /** Whether `one` waits for `other`, directly or over others. */
  #waitsFor(one: Holder, other: Holder): boolean {
    for (const [name, queue] of this.#waiting) {
      if (!queue.some(({ holder }) => holder === one)) continue;
      const holder = this.#holders.get(name);
      if (holder === other || (holder !== undefined && this.#waitsFor(holder, other))) return true;
    }
    return false;
  }
}
