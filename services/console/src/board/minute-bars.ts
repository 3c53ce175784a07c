const MINUTE_MS = 60_000;

/** A number for each of the last thirty minutes. A minute that nobody spoke of has none. */
export class MinuteBars {
  static readonly LENGTH = 30;
  readonly #byMinute = new Map<number, number>();
  readonly #recent: { readonly at: number; readonly count: number }[] = [];

  /** What stands in this minute, so far. */
  set(value: number, now: number): void {
    this.#byMinute.set(this.#minute(now), value);
  }

  add(count: number, now: number): void {
    const minute = this.#minute(now);
    this.#byMinute.set(minute, (this.#byMinute.get(minute) ?? 0) + count);
    if (count > 0) this.#recent.push({ at: now, count });
    while ((this.#recent[0]?.at ?? now) < now - MINUTE_MS) this.#recent.shift();
  }

  /** Of the sixty seconds before now. */
  lastMinute(now: number): number {
    return this.#recent.reduce((sum, { at, count }) => (at >= now - MINUTE_MS ? sum + count : sum), 0);
  }

  /** Oldest first. */
  values(now: number): readonly number[] {
    const last = Math.floor(now / MINUTE_MS);
    return Array.from(
      { length: MinuteBars.LENGTH },
      (_, at) => this.#byMinute.get(last - MinuteBars.LENGTH + 1 + at) ?? 0,
    );
  }

  #minute(now: number): number {
    const minute = Math.floor(now / MINUTE_MS);
    for (const known of this.#byMinute.keys()) if (known <= minute - MinuteBars.LENGTH) this.#byMinute.delete(known);
    return minute;
  }
}
