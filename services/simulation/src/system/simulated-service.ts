import type { Repository } from '@troupe/chassis';
import type { AnyTable } from '@troupe/chassis/internal';
import type { MemoryTx } from '../database/transaction.ts';

// biome-ignore lint/suspicious/noExplicitAny: rows of unrelated services have nothing in common
export type AnyRepository = Repository<any, MemoryTx>;

/** A service of any trade. */
export interface SimulatedService {
  readonly table: AnyTable;
  readonly repository: AnyRepository;
  /** What its database has at the beginning, by key. */
  readonly rows?: Iterable<readonly [key: string, row: unknown]>;
}
