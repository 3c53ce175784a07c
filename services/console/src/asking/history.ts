/** A value for each five seconds of the last five minutes. */
const KEPT = 60;
const EACH_MS = 5_000;

/** The last minutes of a number, for a line: oldest first. Of each five seconds the highest, so that no peak is lost. */
export class History {
  readonly #values: number[] = [];
  #slot = -1;

  add(value: number, now = Date.now()): void {
    const slot = Math.floor(now / EACH_MS);
    if (slot === this.#slot) {
      const last = this.#values.length - 1;
      this.#values[last] = Math.max(this.#values[last] ?? 0, value);
      return;
    }
    this.#slot = slot;
    this.#values.push(value);
    if (this.#values.length > KEPT) this.#values.shift();
  }

  get values(): readonly number[] {
    return [...this.#values];
  }
}

/** How fast a number that only rises has risen, a second, over what is remembered. */
export class Rate {
  readonly #seen: { readonly at: number; readonly value: bigint }[] = [];
  readonly #overMs: number;

  constructor(overMs = 60_000) {
    this.#overMs = overMs;
  }

  add(value: bigint, now = Date.now()): void {
    this.#seen.push({ at: now, value });
    while ((this.#seen[0]?.at ?? now) < now - this.#overMs) this.#seen.shift();
  }

  get perSecond(): number {
    const [first] = this.#seen;
    const last = this.#seen.at(-1);
    if (first === undefined || last === undefined || last.at === first.at) return 0;
    return Math.max(0, (Number(last.value - first.value) * 1_000) / (last.at - first.at));
  }
}
