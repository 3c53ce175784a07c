import type { Moment } from '../contract/event.ts';
import type { Changed, Changes } from './changes.ts';

/** Where a partition ends, and from where the console's group would go on. Decimal offsets. */
export interface PartitionReach {
  readonly topic: string;
  readonly partition: number;
  readonly end: string;
  /** Undefined: nothing was committed yet. */
  readonly committed: string | undefined;
}

const WINDOW_S = 10;

/** How fast and how far this process reads. What it has taken is ahead of what its group has committed. */
export class ReadingMeter {
  readonly #next = new Map<string, bigint>();
  readonly #records = new Rate();
  readonly #now: () => number;
  #newest: number | undefined;

  constructor(changes: Changes, now: () => number = Date.now) {
    this.#now = now;
    changes.listen((changed) => this.#committed(changed));
  }

  /** The time of the newest record that was read. */
  get newestAt(): Moment | null {
    return this.#newest === undefined ? null : new Date(this.#newest).toISOString();
  }

  /** Records a second, over the last ten seconds. */
  get perSecond(): number {
    return this.#records.at(this.#now());
  }

  /** How many records lie between what was read and the ends of the topics. */
  behind(partitions: Iterable<PartitionReach>): number {
    let behind = 0n;
    for (const { topic, partition, end, committed } of partitions) {
      const own = this.#next.get(`${topic}/${partition}`) ?? 0n;
      const next = committed !== undefined && BigInt(committed) > own ? BigInt(committed) : own;
      if (BigInt(end) > next) behind += BigInt(end) - next;
    }
    return Number(behind);
  }

  #committed({ records }: Changed): void {
    for (const { topic, partition, offset, publishedAt } of records) {
      const place = `${topic}/${partition}`;
      const next = BigInt(offset) + 1n;
      if (next > (this.#next.get(place) ?? 0n)) this.#next.set(place, next);
      if (publishedAt > (this.#newest ?? Number.NEGATIVE_INFINITY)) this.#newest = publishedAt;
    }
    this.#records.add(records.length, this.#now());
  }
}

/** How many a second, over the last ten. */
class Rate {
  readonly #bySecond = new Map<number, number>();

  add(count: number, now: number): void {
    const second = Math.floor(now / 1_000);
    this.#bySecond.set(second, (this.#bySecond.get(second) ?? 0) + count);
    for (const old of this.#bySecond.keys()) if (old < second - WINDOW_S) this.#bySecond.delete(old);
  }

  at(now: number): number {
    const until = Math.floor(now / 1_000);
    let sum = 0;
    for (const [second, count] of this.#bySecond) if (second >= until - WINDOW_S && second < until) sum += count;
    return sum / WINDOW_S;
  }
}
