import type { Judged, OpenSagas } from './api/saga-list.ts';
import type { OpenTarget } from './reading/open-sagas.ts';
import type { SagaSummary } from './saga/input.ts';

/** The open sagas in memory, none of them judged. */
export class OpenBoard implements OpenTarget, OpenSagas {
  #open = new Map<string, SagaSummary>();

  reset(open: readonly SagaSummary[]): void {
    this.#open = new Map(open.map((summary) => [summary.orderId, summary]));
  }

  put(changed: readonly SagaSummary[]): void {
    for (const summary of changed) {
      if (summary.open) this.#open.set(summary.orderId, summary);
      else this.#open.delete(summary.orderId);
    }
  }

  *judged(): Iterable<Judged> {
    for (const summary of this.#open.values()) yield { summary, diagnosis: null };
  }
}
