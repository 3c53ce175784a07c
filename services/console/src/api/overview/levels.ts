/** The counters show the last half hour, a bar a minute. */
export const MINUTES = 30;
export const MINUTE_MS = 60_000;

/** A number that goes up and down, as it stood at the end of each of the last minutes. In memory: it begins with the process. */
export class Level {
  readonly #bars: number[] = [];
  #minute = Number.NaN;

  /** Call it at least once a minute: a minute in which it was not called has the value of the one before. */
  is(value: number, now: number): void {
    const minute = Math.floor(now / MINUTE_MS);
    const passed = Number.isNaN(this.#minute) ? 1 : Math.min(minute - this.#minute, MINUTES);
    for (let skipped = 1; skipped < passed; skipped += 1) this.#bars.push(this.#bars.at(-1) ?? 0);
    if (passed > 0) this.#bars.push(value);
    else this.#bars[this.#bars.length - 1] = value;
    this.#minute = Math.max(minute, Number.isNaN(this.#minute) ? minute : this.#minute);
    if (this.#bars.length > MINUTES) this.#bars.splice(0, this.#bars.length - MINUTES);
  }

  /** Oldest first, as many as minutes are shown: before the process began there was nothing. */
  get bars(): readonly number[] {
    return [...Array.from({ length: MINUTES - this.#bars.length }, () => 0), ...this.#bars];
  }

  /** How many more there are than at the end of the last minute; undefined before one has ended. */
  get change(): number | undefined {
    const [before, now] = this.#bars.slice(-2);
    return before === undefined || now === undefined ? undefined : now - before;
  }
}
