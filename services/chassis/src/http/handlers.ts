import type { Request, Response } from 'express';
import type { HttpLimits } from '../configuration/http-limits.ts';
import type { Answer } from '../incoming/answer.ts';
import { causationOf } from '../incoming/causation.ts';
import type { CommandBus, KeptAnswers } from '../incoming/commands.ts';
import { CAUSE_DEPTH_HEADER, depthOf } from '../incoming/event-depth.ts';
import { withinTime } from '../process/time-out.ts';
import { DomainError, Retryable } from '../rules/failure.ts';
import type { Command } from '../rules/messages.ts';
import type { Log } from '../telemetry/log.ts';
import { type ActorSource, operators } from './actor.ts';
import type { ActBus } from './acts.ts';
import { respond } from './answer/respond.ts';
import { lastEventId, sendEvents, sendHead } from './answer/sse.ts';
import { claimOf, keyOf } from './idempotency.ts';
import { type BodyReader, jsonBodies } from './input/body.ts';
import { refuseForeignPages } from './input/foreign-page.ts';
import { inputFor } from './input/input.ts';
import { validated } from './input/validation.ts';
import type { ActRoute, CommandRoute, ForwardRoute, QueryRoute, Route, RouteInput, StreamRoute } from './route.ts';
import type { Bulkhead } from './server/bulkhead.ts';
import type { Work } from './server/exchange.ts';

export interface HandlerParts<State> {
  readonly commands: CommandBus<State>;
  readonly acts: ActBus;
  readonly actors: ActorSource;
  readonly keptAnswer: KeptAnswers | undefined;
  readonly log: Log;
  readonly limits: HttpLimits;
  readonly bulkheads: { readonly commands: Bulkhead; readonly reads: Bulkhead };
  readonly stopping: AbortSignal;
  readonly traceLinkTemplate: string | undefined;
}

export function workOf<State>(route: Route<State>, parts: HandlerParts<State>): Work {
  const read = jsonBodies(parts.limits.bodyBytes);
  switch (route.kind) {
    case 'query':
      return whileHeld(queryWork(route, parts), parts.bulkheads.reads);
    case 'stream':
      return whileHeld(streamWork(route, parts), parts.bulkheads.reads);
    case 'command':
      return answered(commandWork(route, parts, read), parts);
    case 'act':
      return answered(actWork(route, parts, read), parts);
    case 'forward':
      return answered(forwardWork(route, parts, read), parts);
  }
}

function whileHeld(work: Work, bulkhead: Bulkhead): Work {
  return (request, response, traceId) => bulkhead.hold(() => work(request, response, traceId));
}

/** Answers with what the work comes to, in time; the place is held until the work has really ended. */
function answered<State>(work: Answering, { bulkheads, limits }: HandlerParts<State>): Work {
  return async (request, response, traceId) => {
    const held = () => bulkheads.commands.hold(() => work(request, response, traceId));
    respond(response, await withinTime(limits.commandMs, held, noCommit));
  };
}

const noCommit = (ms: number): Retryable => new Retryable('NO_ANSWER_IN_TIME', `no commit within ${ms} ms`);

type Answering = (request: Request, response: Response, traceId: string) => Promise<Answer>;

function queryWork<State>(route: QueryRoute, parts: HandlerParts<State>): Work {
  return async (request, response, traceId) => {
    respond(response, await route.handle(inputOf(route, { request, response, traceId, body: {} }, parts)));
  };
}

function streamWork<State>(route: StreamRoute, parts: HandlerParts<State>): Work {
  return async (request, response, traceId) => {
    const input = inputOf(route, { request, response, traceId, body: {} }, parts);
    const events = route.handle(input, lastEventId(request));
    if (request.method === 'HEAD') return sendHead(response, events, { signal: input.signal, log: parts.log });
    const at = { instance: request.path, traceId };
    const { log, limits } = parts;
    await sendEvents(response, events, { signal: input.signal, heartbeatMs: limits.heartbeatMs, log, at });
  };
}

function commandWork<State>(route: CommandRoute<State>, parts: HandlerParts<State>, read: BodyReader): Answering {
  return async (request, response, traceId) => {
    const body = await read(request, response);
    const input = inputOf(route, { request, response, traceId, body }, parts);
    const { actor, params } = input;
    const claim = claimOf(request, () => ({ client: actor, method: 'POST', path: route.path, params, body }));
    const act = route.act && { operator: operators.actorOf(request), ...route.act(input) };
    const command = await orRefusal(() => route.command(input));
    if (command instanceof DomainError) {
      const kept = claim && (await parts.keptAnswer?.(claim));
      if (kept === undefined) throw command;
      return kept;
    }
    const isAbandoned = (): boolean => response.destroyed || response.writableEnded;
    const causationId = route.asked && causationOf(request.headers);
    const depth = route.asked && depthOf(request.headers[CAUSE_DEPTH_HEADER]);
    return parts.commands.execute(
      { ...command, act, causationId, depth, isAbandoned },
      (result) => route.answer(result, input),
      claim,
    );
  };
}

function actWork<State>(route: ActRoute, parts: HandlerParts<State>, read: BodyReader): Answering {
  return async (request, response, traceId) => {
    const operator = operators.actorOf(request);
    const body = await read(request, response);
    const input = Object.assign(inputOf(route, { request, response, traceId, body }, parts), { operator });
    const { params } = input;
    const claim = claimOf(request, () => ({ client: operator, method: 'POST', path: route.path, params, body }));
    return route.rehearse?.(input) ?? parts.acts.perform(operator, (tx) => route.act(tx, input), claim);
  };
}

function forwardWork<State>(route: ForwardRoute, parts: HandlerParts<State>, read: BodyReader): Answering {
  return async (request, response, traceId) => {
    refuseForeignPages(request);
    const body = await read(request, response);
    const idempotencyKey = keyOf(request);
    const input = inputOf(route, { request, response, traceId, body }, parts);
    return route.handle(Object.assign(input, { host: request.headers.host ?? '', idempotencyKey }));
  };
}

/** What a route refuses today it may have taken yesterday: before a refusal is told, a kept answer is looked for. */
async function orRefusal(make: () => Promise<Command> | Command): Promise<Command | DomainError> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

type Received = { request: Request; response: Response; traceId: string; body: unknown };

function inputOf<State>(route: Route<State>, received: Received, parts: HandlerParts<State>): RouteInput {
  const { request, response, traceId, body } = received;
  const { actors, stopping, traceLinkTemplate } = parts;
  const query = route.query === undefined ? {} : request.query;
  const checked = validated(route, { params: { ...request.params }, query: { ...query }, body });
  const traceLink = traceLinkTemplate?.replace('{traceId}', traceId);
  const known = { actor: actors.actorOf(request), traceId, ...(traceLink !== undefined && { traceLink }) };
  return inputFor(checked, { ...known, response, stopping });
}
