import type { SagaRow } from './saga.ts';

/** `GET /api/search?q=`: what a text is, the likeliest first, and where it leads. */
export interface SearchView {
  readonly q: string;
  readonly hits: readonly SearchHit[];
}

export interface SearchHit {
  /** `sagas`: several, in the list. */
  readonly kind: 'saga' | 'event' | 'trace' | 'customer' | 'sku' | 'sagas';
  /** What it is, in a few words: "Saga …93b0c7e1", "42 sagas of customer c-1187". */
  readonly label: string;
  /** Within the console. */
  readonly href: string;
  /** The saga, where there is one. */
  readonly saga: SagaRow | null;
}
