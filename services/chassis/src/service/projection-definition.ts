import type { PrismaPg } from '@prisma/adapter-pg';
import type { z } from 'zod';
import type { RecordBatchesParts } from '../batch/record-batches.ts';
import type { Config } from '../configuration/config.ts';
import type { ActorSource } from '../http/actor.ts';
import type { ActBus } from '../http/acts.ts';
import type { Route } from '../http/route.ts';
import type { Mounted } from '../http/server/app.ts';
import type { IncomingEvent, Poison } from '../incoming/incoming.ts';
import type { KafkaClient } from '../kafka/client.ts';
import type { KafkaRecord } from '../kafka/record.ts';
import type { WorkConnection } from '../postgres/work-connection.ts';
import type { Readiness } from '../process/readiness.ts';
import type { Database, Sql } from '../rules/database.ts';
import type { Log } from '../telemetry/log.ts';

export interface ProjectionContext<Db, Config> {
  /** For queries. */
  readonly database: Db;
  /** For batches: statements that need no answer of each other go together. */
  readonly transactions: WorkConnection;
  readonly config: Config;
  /** Makes of each record its event, in order, or says why it is none. Waits while a schema cannot be fetched. */
  read(records: readonly KafkaRecord[]): Promise<readonly (IncomingEvent | Poison)[]>;
  readonly kafka: KafkaClient;
  readonly readiness: Readiness;
  readonly log: Log;
}

/** What a service does that only reads: it makes rows of records, and shows them. */
export interface Projection extends Pick<RecordBatchesParts, 'project' | 'projectReduced'> {
  readonly routes: readonly Route<never>[];
  /** What answers beside the routes. */
  readonly mounted?: readonly Mounted[];
  /** Where routes that act bring their acts. */
  readonly acts?: ActBus;
  readonly actors?: ActorSource;
  /** Started when the database answers, in this order, before the first record comes. */
  readonly background?: readonly Background[];
}

export interface Background {
  start(): void;
  /** Never rejects. */
  stop(): Promise<void>;
}

/**
 * A service that hears everything and says nothing. It has no reaction table, inbox or outbox: what it keeps is made of
 * the topics alone, so that a record which comes twice changes nothing.
 */
export interface ProjectionDefinition<Tx extends Sql, Db extends Database<Tx>, Shape extends z.ZodRawShape> {
  /** Its consumer group, too. */
  readonly name: string;
  /** Settings of this service alone, made with `setting`. */
  readonly settings: Shape;
  /** Without the prefix of the environment. */
  readonly topics: readonly string[];
  /** How long after a fetch nothing more is asked for, so that what comes meanwhile shares a transaction. Default 0. */
  readonly pauseBetweenFetchesMs?: number;
  /** Makes the Prisma client on the adapter that the runtime made. */
  database(adapter: PrismaPg): Db;
  /** The database may be away: what needs it is a background. */
  open(context: ProjectionContext<Db, Config<Shape>>): Projection | Promise<Projection>;
}
