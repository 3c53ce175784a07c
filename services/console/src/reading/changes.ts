import type { SagaSummary } from '../saga/input.ts';
import type { RecordRow } from '../store/record-row.ts';

/** What one commit brought. A record may have been there before. */
export interface Changed {
  readonly sagas: readonly SagaSummary[];
  readonly records: readonly RecordRow[];
}

type Listener = (changed: Changed) => void;

/** Tells of each commit of this process whoever wants to know. */
export class Changes {
  readonly #listeners = new Set<Listener>();

  /** Returns a way to stop that. Called in the order of commits; must not throw. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  committed(changed: Changed): void {
    for (const listener of this.#listeners) listener(changed);
  }
}
