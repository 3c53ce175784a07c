import type { z } from 'zod';
import type { Answer, CommandResult } from '../incoming/answer.ts';
import type { Sql } from '../rules/database.ts';
import type { Command } from '../rules/messages.ts';
import type { OperatorAct } from '../rules/operator-act.ts';
import type { ActResult } from './acts.ts';

/** What every handler knows of its request, after validation. `P`, `Q`, `B` are the zod outputs. */
export interface RouteInput<P = unknown, Q = unknown, B = unknown> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Who the request acts for, as the service's `actors` say. */
  readonly actor: string;
  /** 32 hex digits of the request's trace. */
  readonly traceId: string;
  /** Where a person can look at the trace; only with TRACE_LINK_TEMPLATE. */
  readonly traceLink?: string;
  /** Aborted when the client goes away or the service stops. */
  readonly signal: AbortSignal;
}

/** One server-sent event. `id` lets a client resume with `Last-Event-ID`. */
export interface ServerSentEvent {
  readonly id?: string;
  readonly event: string;
  readonly data: unknown;
}

interface Described {
  readonly method: 'get' | 'post';
  /** Express syntax: `/trips/:tripId`. */
  readonly path: string;
  readonly summary: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
}

/** A query: reads and answers. Throw a DomainError for problem details. */
export interface QueryRoute extends Described {
  readonly kind: 'query';
  readonly response: z.ZodType;
  handle(input: RouteInput): Promise<Answer>;
}

/** A stream of server-sent events; ends when the iterable ends or the client goes away. */
export interface StreamRoute extends Described {
  readonly kind: 'stream';
  handle(input: RouteInput, lastEventId: string | undefined): AsyncIterable<ServerSentEvent>;
}

/**
 * A command: becomes one message of the unit of work, shares its transaction with whatever else has arrived, and
 * takes an `Idempotency-Key`. `command` may read (fares, say) but not write; `answer` is pure, because it runs inside
 * the transaction, where its result is stored beside the key.
 */
export interface CommandRoute<State> extends Described {
  readonly kind: 'command';
  readonly body: z.ZodType;
  readonly response: z.ZodType;
  command(input: RouteInput): Promise<Command> | Command;
  answer(result: CommandResult<State>, input: RouteInput): Answer;
  /** For what an orchestrator asks: its headers `X-Causation-Id` and `X-Causation-Depth` are believed here, and nowhere else. */
  readonly asked?: 'by an orchestrator';
  /** What the audit trail keeps of an act on somebody else's saga. The request needs the header `X-Operator`. */
  act?(input: RouteInput): Act;
}

export type Act = Omit<OperatorAct, 'operator'>;

export interface ActInput<P = unknown, Q = unknown, B = unknown> extends RouteInput<P, Q, B> {
  /** Who acts; see `operators`. */
  readonly operator: string;
}

/**
 * An operator's act: takes effect in one transaction together with its rows of the audit trail and the answer that is
 * kept for its `Idempotency-Key`. It goes beside the unit of work, so it may touch only what is the operators': no state
 * of an aggregate, no outbox.
 */
export interface ActRoute extends Described {
  readonly kind: 'act';
  readonly body: z.ZodType;
  readonly response: z.ZodType;
  /** Answers without acting, when that is what the request asks for: a dry run. Must not write. */
  rehearse?(input: ActInput): Promise<Answer> | undefined;
  /** Throw a DomainError to refuse: everything is rolled back, and no answer is kept. */
  act(tx: Sql, input: ActInput): Promise<ActResult>;
}

export interface ForwardInput<P = unknown, Q = unknown, B = unknown> extends RouteInput<P, Q, B> {
  /** The header Host: what the client calls this server. */
  readonly host: string;
  /** The client's `Idempotency-Key`, to be passed on. */
  readonly idempotencyKey: string | undefined;
}

/**
 * A request that takes effect elsewhere: at another service, or at a program beside this one. Nothing is written here: sent
 * twice it takes effect once only where its `Idempotency-Key` is passed on to somebody who keeps it. Pages of other sites are sent away.
 */
export interface ForwardRoute extends Described {
  readonly kind: 'forward';
  readonly body: z.ZodType;
  readonly response: z.ZodType;
  /** Throw a DomainError for problem details. */
  handle(input: ForwardInput): Promise<Answer>;
}

export type Route<State> = QueryRoute | StreamRoute | CommandRoute<State> | ActRoute | ForwardRoute;

type Schema = z.ZodType | undefined;
type Out<S> = S extends z.ZodType ? z.output<S> : Record<string, never>;
type In<P, Q, B = unknown> = RouteInput<Out<P>, Out<Q>, B extends z.ZodType ? z.output<B> : B>;
interface Spec<P, Q> {
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
}

/** `get('/flights/:code', { summary, params, response, handle })` */
export function get<P extends Schema = undefined, Q extends Schema = undefined>(
  path: string,
  spec: Spec<P, Q> & { response: z.ZodType; handle(input: In<P, Q>): Promise<Answer> },
): QueryRoute {
  return { kind: 'query', method: 'get', path, ...spec } as unknown as QueryRoute;
}

/** `stream('/trips/:tripId/events', { summary, params, handle })` */
export function stream<P extends Schema = undefined, Q extends Schema = undefined>(
  path: string,
  spec: Spec<P, Q> & { handle(input: In<P, Q>, lastEventId: string | undefined): AsyncIterable<ServerSentEvent> },
): StreamRoute {
  return { kind: 'stream', method: 'get', path, ...spec } as unknown as StreamRoute;
}

/** `post<TripState>()('/trips', { summary, body, response, command, answer })` */
export function post<State>() {
  return <B extends z.ZodType, P extends Schema = undefined, Q extends Schema = undefined>(
    path: string,
    spec: Spec<P, Q> & {
      body: B;
      response: z.ZodType;
      asked?: 'by an orchestrator';
      command(input: In<P, Q, B>): Promise<Command> | Command;
      answer(result: CommandResult<State>, input: In<P, Q, B>): Answer;
      act?(input: In<P, Q, B>): Act;
    },
  ): CommandRoute<State> => ({ kind: 'command', method: 'post', path, ...spec }) as unknown as CommandRoute<State>;
}

/** `act('/dead-letters/:id/discard', { summary, params, body, response, act })` */
export function act<B extends z.ZodType, P extends Schema = undefined>(
  path: string,
  spec: Spec<P, undefined> & {
    body: B;
    response: z.ZodType;
    rehearse?(input: ActInput<Out<P>, unknown, z.output<B>>): Promise<Answer> | undefined;
    act(tx: Sql, input: ActInput<Out<P>, unknown, z.output<B>>): Promise<ActResult>;
  },
): ActRoute {
  return { kind: 'act', method: 'post', path, ...spec } as unknown as ActRoute;
}

/** `forward('/stories/:id', { summary, params, body, response, handle })` */
export function forward<B extends z.ZodType, P extends Schema = undefined>(
  path: string,
  spec: Spec<P, undefined> & {
    body: B;
    response: z.ZodType;
    handle(input: ForwardInput<Out<P>, unknown, z.output<B>>): Promise<Answer>;
  },
): ForwardRoute {
  return { kind: 'forward', method: 'post', path, ...spec } as unknown as ForwardRoute;
}
