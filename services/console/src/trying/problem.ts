import { DomainError } from '@troupe/chassis';

/** What was tried is not possible now, with what to do. */
export class TryingProblem extends DomainError {
  override readonly name = 'TryingProblem';
}
