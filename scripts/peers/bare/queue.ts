interface Waiting<Item> {
  readonly item: Item;
  done(outcome: Promise<void>): void;
}

/**
 * All that has arrived is one batch; the next one collects meanwhile. A turn of the event loop passes before each, since the
 * partitions of a fetch come one by one.
 */
export class Queue<Item> {
  readonly #work: (batch: readonly Item[]) => Promise<Worked>;
  #waiting: Waiting<Item>[] = [];
  #isRunning = false;

  constructor(work: (batch: readonly Item[]) => Promise<Worked>) {
    this.#work = work;
  }

  /** Resolves when all of the item's batch is done, also the part that overlaps with the next batch. */
  push(item: Item): Promise<void> {
    return new Promise((done) => {
      this.#waiting.push({ item, done });
      if (!this.#isRunning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      await new Promise(setImmediate);
      const batch = this.#waiting.splice(0, AT_MOST);
      const { settled } = await this.#work(batch.map(({ item }) => item));
      for (const { done } of batch) done(settled);
    }
    this.#isRunning = false;
  }
}

/** The next batch may begin. */
export interface Worked {
  /** Resolves when nothing of the batch is left to do. */
  readonly settled: Promise<void>;
}

const AT_MOST = 500;
