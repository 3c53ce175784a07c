import type { Log } from '@troupe/chassis';

export interface WatchedParts<View> {
  /** What it was looked for; in the log. */
  readonly name: string;
  /** Null: there is nothing to be seen yet. */
  readonly look: () => Promise<View | null>;
  /** From one look to the next, when nobody says that something has changed. */
  readonly everyMs: number;
  /** From a look to the next one at least. */
  readonly leastMs: number;
  readonly log: Log;
}

/**
 * Something that several streams watch: looked at once for all of them, and only while there are any. It has a new version when
 * a look has seen something new; that its clock has gone on is nothing new.
 */
export class Watched<View extends { readonly now: string }> {
  readonly #parts: WatchedParts<View>;
  readonly #watchers = new Set<() => void>();
  #view: View | undefined;
  #seen = '';
  #version = 0;
  #timer: NodeJS.Timeout | undefined;
  #looking = false;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #again = false;

  constructor(parts: WatchedParts<View>) {
    this.#parts = parts;
  }

  get version(): number {
    return this.#version;
  }

  /** Of the last look; undefined before it. */
  get view(): View | undefined {
    return this.#view;
  }

  get isWatched(): boolean {
    return this.#watchers.size > 0;
  }

  /** Calls `wake` when there is a new version. Returns a way to stop that. */
  watch(wake: () => void): () => void {
    this.#watchers.add(wake);
    if (this.#watchers.size === 1) this.#begin();
    return () => {
      this.#watchers.delete(wake);
      if (!this.isWatched) clearTimeout(this.#timer);
    };
  }

  /** Something may have changed: looks as soon as it may. */
  hint(): void {
    if (!this.isWatched) return;
    if (this.#looking) this.#again = true;
    else this.#lookIn(this.#parts.leastMs - (performance.now() - this.#lookedAt));
  }

  /** What was seen when somebody watched last is old. */
  #begin(): void {
    this.#view = undefined;
    this.#seen = '';
    this.#lookIn(0);
  }

  #lookIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), Math.max(0, ms));
  }

  /** A look that fails leaves what was seen, and the next one follows. */
  async #look(): Promise<void> {
    const { name, look, everyMs, leastMs, log } = this.#parts;
    if (this.#looking) return;
    this.#looking = true;
    this.#again = false;
    this.#lookedAt = performance.now();
    try {
      const view = await look();
      if (view !== null) this.#take(view);
    } catch (error) {
      log.debug({ err: error, channel: name }, 'what is watched could not be looked at');
    }
    this.#looking = false;
    if (this.isWatched) this.#lookIn((this.#again ? leastMs : everyMs) - (performance.now() - this.#lookedAt));
  }

  #take(view: View): void {
    const seen = JSON.stringify({ ...view, now: '' });
    this.#view = view;
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.#version += 1;
    for (const wake of this.#watchers) wake();
  }
}
