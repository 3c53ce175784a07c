import type { Codec } from '@troupe/schemas';
import type { DeadLetters } from '../../dead-letters/dead-letters.ts';
import type { Database } from '../../rules/database.ts';

/** What the routes of dead letters work on. */
export interface OperatorParts {
  readonly database: Database;
  readonly codec: Pick<Codec, 'learn' | 'decode'>;
  readonly deadLetters: DeadLetters;
  /** Told of a new replay, and when something may have been released. */
  wake(): void;
}
