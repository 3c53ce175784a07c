/** A saga, and what it was judged to stand still for; null: it moves. */
export interface Judgement {
  readonly orderId: string;
  readonly cause: string | null;
}

/** Which sagas are judged otherwise than at the last look: nothing was said of them, and yet their rows have changed. */
export class Judgements {
  #known: ReadonlyMap<string, string | null> | undefined;

  /** None at the first look. */
  changed(all: Iterable<Judgement>): readonly string[] {
    const now = new Map<string, string | null>();
    const before = this.#known;
    const changed: string[] = [];
    for (const { orderId, cause } of all) {
      now.set(orderId, cause);
      if (before !== undefined && (before.get(orderId) ?? null) !== cause) changed.push(orderId);
    }
    // What is judged no more stands still no more.
    for (const [orderId, cause] of before ?? []) if (cause !== null && !now.has(orderId)) changed.push(orderId);
    this.#known = now;
    return changed;
  }

  forget(): void {
    this.#known = undefined;
  }
}
