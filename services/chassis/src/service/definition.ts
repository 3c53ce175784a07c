import type { PrismaPg } from '@prisma/adapter-pg';
import type { z } from 'zod';
import type { Changes } from '../batch/changes.ts';
import type { Config } from '../configuration/config.ts';
import type { ActorSource } from '../http/actor.ts';
import type { Route } from '../http/route.ts';
import type { StuckMonitor } from '../operations/stuck-monitor.ts';
import type { Port } from '../ports/port.ts';
import type { Repository } from '../rules/aggregate.ts';
import type { Database, Sql } from '../rules/database.ts';
import type { ReactionTable } from '../rules/reactions.ts';
import type { Log } from '../telemetry/log.ts';

export interface ApiContext<Db, Config, Row = unknown> {
  readonly database: Db;
  readonly config: Config;
  readonly changes: Changes<Row>;
}

export type StuckMonitorContext<Db, Config> = Omit<ApiContext<Db, Config>, 'changes'> & { readonly log: Log };

/** A service, whole: its table, its rows, its ports, its routes. */
export interface ServiceDefinition<Row, State, Tx extends Sql, Db extends Database<Tx>, Shape extends z.ZodRawShape> {
  /** The table, or what makes it from the settings that its rules depend on (a limit, a time-out). */
  readonly table: ReactionTable<Row, State> | ((config: Config<Shape>) => ReactionTable<Row, State>);
  readonly repository: Repository<Row>;
  /** Settings of this service alone, made with `setting`; `holdTimeoutMs` is read from HOLD_TIMEOUT_MS. */
  readonly settings: Shape;
  /** Where nobody waits for this service: how long after a fetch nothing more is asked for. Default 0. */
  readonly pauseBetweenFetchesMs?: number;
  /** Makes the Prisma client on the adapter that the runtime made. */
  database(adapter: PrismaPg): Db;
  ports?(config: Config<Shape>): readonly Port<never, unknown>[];
  /** Who a request acts for: the `actor` of its input. Default: everybody is one. */
  readonly actors?: ActorSource;
  api(context: ApiContext<Db, Config<Shape>, Row>): readonly Route<State>[];
  /** What this service keeps an eye on while it runs. */
  stuckMonitors?(context: StuckMonitorContext<Db, Config<Shape>>): readonly StuckMonitor[];
}
