import type { AbortedTransactions } from './aborted-transactions.ts';
import type { Budget } from './budget.ts';
import type { FetchedMessage } from './fetched-message.ts';

/** What the batches of one partition are read into, and what is known of them. */
export interface LogReading {
  /** In the order of the log. */
  readonly found: FetchedMessage[];
  readonly aborted: AbortedTransactions | undefined;
  readonly budget: Budget;
  /** Behind the last record that may be read. */
  readonly highWatermark: number;
  /** The offset that was asked for, if it is known: what comes first holds it, whatever its damaged bytes say. */
  askedFrom(): number | undefined;
}
