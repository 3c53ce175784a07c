const WINDOW_MS = 60_000;

/** How many sagas began in the last minute. */
export class Begun {
  readonly #seen: { readonly at: number; readonly count: number }[] = [];

  add(count: number, now: number): void {
    const last = this.#seen.at(-1);
    if (last?.at === now) this.#seen[this.#seen.length - 1] = { at: now, count: last.count + count };
    else this.#seen.push({ at: now, count });
    while ((this.#seen[0]?.at ?? now) < now - WINDOW_MS) this.#seen.shift();
  }

  perSecond(now: number): number {
    const recent = this.#seen.filter(({ at }) => at >= now - WINDOW_MS);
    return recent.reduce((sum, { count }) => sum + count, 0) / (WINDOW_MS / 1_000);
  }
}
