/** A part that does not work, why, and since when it has not: however often the reason has changed. */
export interface NotReady {
  readonly part: string;
  readonly reason: string;
  readonly since: Date;
}

/** Why a service is not ready, by part: `{ kafka: 'the broker at localhost:9092 does not answer' }`. */
export class Readiness {
  readonly #parts = new Map<string, NotReady>();

  ok(part: string): void {
    this.#parts.delete(part);
  }

  /** A part does not work; the reason is a sentence that an operator reads at `/readyz`. */
  notOk(part: string, reason: string): void {
    const since = this.#parts.get(part)?.since ?? new Date();
    this.#parts.set(part, { part, reason, since });
  }

  get ready(): boolean {
    return this.#parts.size === 0;
  }

  get parts(): readonly NotReady[] {
    return [...this.#parts.values()];
  }

  get reasons(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.parts.map(({ part, reason }) => [part, reason]));
  }
}
