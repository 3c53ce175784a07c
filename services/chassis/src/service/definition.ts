import type { PrismaPg } from '@prisma/adapter-pg';
import type { z } from 'zod';
import type { Config } from '../configuration/config.ts';
import type { Route } from '../http/route.ts';
import type { StuckMonitor } from '../operations/stuck-monitor.ts';
import type { Repository } from '../rules/aggregate.ts';
import type { Database, Sql } from '../rules/database.ts';
import type { AnyCallType } from '../rules/messages.ts';
import type { ReactionTable } from '../rules/reactions.ts';
import type { Refused } from '../rules/refused.ts';
import type { Log } from '../telemetry/log.ts';

/** What a port sees besides its request. */
export interface CallContext {
  /** The same for every attempt of this call, also after a crash: `Charge/<key>`. */
  readonly idempotencyKey: string;
  /** What the call follows from: the id of an event, or of the step of a saga that it is the ask of. */
  readonly causationId: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Aborted at the time-out. */
  readonly signal: AbortSignal;
  /** `traceparent` (and `tracestate`) to send along. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Performs one kind of call, and says what its answers come to: each leads to an outcome, and so to an end. See `Refused`
 * for the three kinds of answer.
 */
export interface Port<Request, Outcome> {
  readonly call: AnyCallType;
  /** Whom it asks. Ports of one participant share a circuit breaker and a bulkhead; absent: it has them to itself. */
  readonly participant?: string;
  /**
   * Resolves with the outcome, or with Refused when the outside said no for good; throws Retryable, or anything else, when
   * there was no answer: the call is tried again with backoff.
   */
  perform(request: Request, context: CallContext): Promise<Outcome | Refused>;
  /** What it comes to that the outside refuses for good. */
  refused(refusal: Refused, tried: Attempts): Outcome;
  readonly byHand: EndedByHand<Outcome>;
}

/** How often a call was made. */
export interface Attempts {
  readonly attempts: number;
}

/** For a call that nobody answers: a person ends it, and says what it came to. */
export interface EndedByHand<Outcome> {
  /**
   * What a person must look at before, in one sentence: the call may have had its effect, though nobody has answered. Names
   * where to look and what happens then.
   */
  readonly lookFirst: string;
  /** What it comes to. `words` are that person's, 1 to 200 characters on one line. */
  outcome(words: string, tried: Attempts): Outcome;
}

/** What `api` gets. */
export interface ApiContext<Db, Config, Row = unknown> {
  readonly database: Db;
  readonly config: Config;
  readonly changes: Changes<Row>;
}

/** What `stuck monitors` gets. */
export interface StuckMonitorContext<Db, Config> {
  readonly database: Db;
  readonly config: Config;
  readonly log: Log;
}

/** What somebody waits for. */
export interface Waiting<Row> {
  /** After so long it is looked at anyway, since another instance may have committed a change. Default: 500. */
  readonly pollMs?: number;
  /** Whether a change that this process has committed is one to wake up for. Default: each is. */
  readonly worthALook?: (row: Row) => boolean;
}

/** Wakes those who wait for a row: `?wait=` and server-sent events. */
export interface Changes<Row = unknown> {
  /**
   * Resolves when this process has committed a change of the row that is worth a look, or after `pollMs`. Returns at once
   * when aborted. Look before you wait, and again after.
   */
  next(key: string, signal: AbortSignal, waiting?: Waiting<Row>): Promise<void>;
}

/** A service, whole: its table, its rows, its ports, its routes. */
export interface ServiceDefinition<Row, State, Tx extends Sql, Db extends Database<Tx>, Shape extends z.ZodRawShape> {
  /** The table, or what makes it from the settings that its rules depend on (a limit, a time-out). */
  readonly table: ReactionTable<Row, State> | ((config: Config<Shape>) => ReactionTable<Row, State>);
  readonly repository: Repository<Row>;
  /** Settings of this service alone, made with `setting`; `approvalTimeoutMs` is read from APPROVAL_TIMEOUT_MS. */
  readonly settings: Shape;
  /**
   * Where nobody waits for what this service does: so long after a fetch nothing more is asked for, and what comes meanwhile is one
   * batch. Milliseconds; default 0.
   */
  readonly pauseBetweenFetchesMs?: number;
  /** Makes the Prisma client on the adapter that the runtime made. */
  database(adapter: PrismaPg): Db;
  /** The ports of the table's calls. */
  ports?(config: Config<Shape>): readonly Port<never, unknown>[];
  api(context: ApiContext<Db, Config<Shape>, Row>): readonly Route<State>[];
  /** What this service keeps an eye on while it runs. */
  stuckMonitors?(context: StuckMonitorContext<Db, Config<Shape>>): readonly StuckMonitor[];
}
