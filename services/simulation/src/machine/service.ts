import type { ReactionTable, Repository } from '@troupe/chassis';
import type { MemoryTx } from './database/transaction.ts';

/** Any service's table: its rows and states are its own business. */
// biome-ignore lint/suspicious/noExplicitAny: tables of unrelated services have no common row or state
export type AnyTable = ReactionTable<any, any>;
// biome-ignore lint/suspicious/noExplicitAny: as above
export type AnyRepository = Repository<any, MemoryTx>;

/** A service as the machine runs it. */
export interface SimulatedService {
  readonly table: AnyTable;
  readonly repository: AnyRepository;
  /** What its database holds at the beginning, by key. */
  readonly rows?: Iterable<readonly [key: string, row: unknown]>;
}
