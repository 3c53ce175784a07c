interface Timed {
  readonly at: number;
}

/**
 * Puts the past of many partitions into the order of time while it is read. A record is held back until every other partition
 * has shown a later one, or has no past any more. Within a partition the order stays. After the past, records pass as they
 * come.
 */
export class Merge<Item extends Timed> {
  /** What is held back, by partition. */
  readonly #held = new Map<string, Item[]>();
  /** Partitions of whose past more is to come. */
  readonly #open: Set<string>;

  /** @param backlog the partitions that have a past to be read. */
  constructor(backlog: Iterable<string>) {
    this.#open = new Set(backlog);
  }

  /** Whether all of the past has come. */
  get caughtUp(): boolean {
    return this.#open.size === 0;
  }

  /** Takes in what came, and answers what may be shown now. `last`: with this, the partition's past is complete. */
  push(partition: string, items: readonly Item[], last: boolean): Item[] {
    const held = this.#held.get(partition) ?? [];
    held.push(...items);
    this.#held.set(partition, held);
    if (last) this.#open.delete(partition);
    return this.#release();
  }

  #release(): Item[] {
    const released: Item[] = [];
    for (let queue = this.#earliest(); queue !== undefined; queue = this.#earliest()) {
      released.push(queue.shift() as Item);
    }
    return released;
  }

  /** The queue whose head is the earliest; undefined when one that is not known yet could be earlier. */
  #earliest(): Item[] | undefined {
    for (const partition of this.#open) if (!this.#held.get(partition)?.length) return undefined;
    let earliest: Item[] | undefined;
    for (const queue of this.#held.values()) {
      const head = queue[0];
      if (head !== undefined && head.at < (earliest?.[0]?.at ?? Number.POSITIVE_INFINITY)) earliest = queue;
    }
    return earliest;
  }
}
