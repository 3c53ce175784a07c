import type { DomainEvent } from '@troupe/schemas';
import type { Environment } from '../../process/environment.ts';
import type { Repository } from '../../rules/aggregate.ts';
import type { Sql, Transactions } from '../../rules/database.ts';
import type { ReactionTable } from '../../rules/reactions.ts';
import type { Store } from '../../tables/store.ts';
import type { CallCapacity } from '../../tasks/calls.ts';

/** What a unit of work stands on. */
export interface UnitOfWorkParts<Row, State, Tx extends Sql> {
  readonly database: Transactions<Tx>;
  readonly table: ReactionTable<Row, State>;
  readonly repository: Repository<Row, Tx>;
  encode(event: DomainEvent): Buffer;
  /** How many new calls this process can start at once. */
  callCapacity(): CallCapacity;
  /** How often a dead letter may be handled again before it is quarantined. */
  readonly replayLimit: number;
  /** How deep in the tree of causes an event may lie. */
  readonly eventDepthLimit: number;
  /** Default: PostgreSQL. */
  readonly store?: Store;
  /** Default: the real one. */
  readonly environment?: Environment;
}
