import type { ReactionTable, Repository } from '@troupe/chassis';
import type { MemoryTx } from '../database/transaction.ts';

/** The table of any service, with rows and states of its own. */
// biome-ignore lint/suspicious/noExplicitAny: tables of unrelated services have no common row or state
export type AnyTable = ReactionTable<any, any>;
// biome-ignore lint/suspicious/noExplicitAny: as above
export type AnyRepository = Repository<any, MemoryTx>;

/** A service of any trade. */
export interface SimulatedService {
  readonly table: AnyTable;
  readonly repository: AnyRepository;
  /** What its database has at the beginning, by key. */
  readonly rows?: Iterable<readonly [key: string, row: unknown]>;
}
