/** So many are kept: enough for a median, and no more memory under any load. */
const KEPT = 128;
const RECENT_MS = 60_000;

/** How long things took that ended a short while ago. To add one costs no more than an assignment. */
export class RecentDurations {
  readonly #ms = new Float64Array(KEPT);
  readonly #endedAt = new Float64Array(KEPT).fill(Number.NEGATIVE_INFINITY);
  #next = 0;

  add(ms: number, now = performance.now()): void {
    this.#ms[this.#next] = ms;
    this.#endedAt[this.#next] = now;
    this.#next = (this.#next + 1) % KEPT;
  }

  /** Of those that ended within the last minute; null when there are none. */
  median(now = performance.now()): number | null {
    const recent = this.#ms.filter((_, at) => (this.#endedAt[at] as number) > now - RECENT_MS).sort();
    return recent[recent.length >> 1] ?? null;
  }
}
