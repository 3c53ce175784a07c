/** Where a consumer group may go on in one partition: the offset of the first record that is not handled yet. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  /** Decimal. */
  readonly offset: string;
}

interface Pushed {
  readonly next: string;
  handled: boolean;
}

interface Partition {
  readonly topic: string;
  readonly partition: number;
  /** In the order of their offsets; the first of them is not handled. */
  readonly pushed: Pushed[];
  committable: string | undefined;
}

/** What was taken under one assignment. A position passes a record only when all before it are handled. */
export class HandledOffsets {
  readonly #partitions = new Map<string, Partition>();
  #open = 0;
  #wantSettled: (() => void)[] = [];

  /** Takes note of records that end right before the offset `next`; call the result when their effects are committed. */
  push(topic: string, partition: number, next: string): () => void {
    const known = this.#partition(topic, partition);
    const pushed: Pushed = { next, handled: false };
    known.pushed.push(pushed);
    this.#open += 1;
    return () => this.#handled(known, pushed);
  }

  /** The positions that moved since they were last taken. */
  takeCommittable(): readonly Position[] {
    const moved = [...this.#partitions.values()].filter(({ committable }) => committable !== undefined);
    return moved.map((partition) => {
      const offset = partition.committable as string;
      partition.committable = undefined;
      return { topic: partition.topic, partition: partition.partition, offset };
    });
  }

  /** Puts back positions whose commit failed, unless their partition moved on since. */
  putBack(positions: readonly Position[]): void {
    for (const { topic, partition, offset } of positions) this.#partition(topic, partition).committable ??= offset;
  }

  settled(): Promise<void> {
    if (this.#open === 0) return Promise.resolve();
    return new Promise((resolve) => this.#wantSettled.push(resolve));
  }

  #partition(topic: string, partition: number): Partition {
    const name = `${topic}/${partition}`;
    const known = this.#partitions.get(name) ?? { topic, partition, pushed: [], committable: undefined };
    this.#partitions.set(name, known);
    return known;
  }

  #handled(partition: Partition, pushed: Pushed): void {
    if (pushed.handled) return;
    pushed.handled = true;
    while (partition.pushed[0]?.handled) partition.committable = partition.pushed.shift()?.next;
    this.#open -= 1;
    if (this.#open === 0) for (const settle of this.#wantSettled.splice(0)) settle();
  }
}
