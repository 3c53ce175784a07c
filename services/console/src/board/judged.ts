import type { Diagnosis } from '../contract/diagnosis.ts';
import type { SagaSummary } from '../saga/input.ts';

/** A saga, as it was judged last. */
export interface Judged {
  readonly summary: SagaSummary;
  readonly diagnosis: Diagnosis | null;
}
