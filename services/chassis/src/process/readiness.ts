/** Why a service is not ready, by part: `{ kafka: 'the broker at localhost:9092 does not answer' }`. */
export class Readiness {
  readonly #reasons = new Map<string, string>();

  ok(part: string): void {
    this.#reasons.delete(part);
  }

  /** A part does not work; the reason is a sentence that an operator reads at `/readyz`. */
  notOk(part: string, reason: string): void {
    this.#reasons.set(part, reason);
  }

  get ready(): boolean {
    return this.#reasons.size === 0;
  }

  get reasons(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#reasons);
  }
}
