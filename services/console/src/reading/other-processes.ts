import type { Sql } from '@troupe/chassis';
import { newestPlaces, summariesBetween } from '../store/newest-places.ts';
import type { Changed, Changes } from './changes.ts';

/** So many records at once are no news any more: everything is read again. */
const MOST = 20_000n;

const placeOf = ({ topic, partition }: { readonly topic: string; readonly partition: number }): string =>
  `${topic}/${partition}`;

/**
 * Tells of what other processes of the console have committed: each reads its own partitions, and all write into one store. What
 * lies in a partition behind the last record that this process knows of is theirs.
 */
export class OtherProcesses {
  readonly #sql: Sql;
  readonly #changes: Changes;
  #known = new Map<string, bigint>();
  /** What this process has committed while theirs is being read: by saga, how many events it has. */
  #meanwhile: Map<string, number> | undefined;

  constructor(sql: Sql, changes: Changes) {
    this.#sql = sql;
    this.#changes = changes;
    changes.listen((changed) => this.#committed(changed));
  }

  /** Begins with what is there now. Whoever reads all sagas reads them behind this. */
  async begin(): Promise<void> {
    this.#known = new Map((await newestPlaces(this.#sql)).map((place) => [placeOf(place), place.offset]));
  }

  /**
   * Two statements, and one while nobody else commits anything. Their records stay untold, their sagas are told.
   * @returns false when there is too much: then all has to be read again
   */
  async look(): Promise<boolean> {
    const newest = await newestPlaces(this.#sql);
    const ranges = newest
      .map((place) => ({ place, after: this.#known.get(placeOf(place)) ?? -1n }))
      .filter(({ place, after }) => place.offset > after);
    if (ranges.length === 0) return true;
    if (ranges.reduce((sum, { place, after }) => sum + place.offset - after, 0n) > MOST) return false;
    const own = new Map<string, number>();
    this.#meanwhile = own;
    try {
      const summaries = await summariesBetween(this.#sql, ranges);
      for (const { place } of ranges) this.#reached(placeOf(place), place.offset);
      // A saga only grows: of two that were read at the same time the one with more events is the newer.
      const sagas = summaries.filter(({ orderId, eventCount }) => eventCount > (own.get(orderId) ?? 0));
      if (sagas.length > 0) this.#changes.committed({ sagas, records: [] });
    } finally {
      this.#meanwhile = undefined;
    }
    return true;
  }

  #committed({ records, sagas }: Changed): void {
    for (const record of records) this.#reached(placeOf(record), BigInt(record.offset));
    for (const { orderId, eventCount } of sagas) this.#meanwhile?.set(orderId, eventCount);
  }

  #reached(place: string, offset: bigint): void {
    if (offset > (this.#known.get(place) ?? -1n)) this.#known.set(place, offset);
  }
}
