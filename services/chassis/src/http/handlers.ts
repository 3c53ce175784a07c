import type { Request, Response } from 'express';
import type { CommandBus } from '../commands.ts';
import { Retryable } from '../failure.ts';
import type { Log } from '../log.ts';
import { actingCustomer, actingOperator } from './acting-customer.ts';
import { type BodyReader, jsonBodies } from './body.ts';
import type { Work } from './exchange.ts';
import { claimOf } from './idempotency.ts';
import { Input } from './input.ts';
import type { HttpLimits } from './limits.ts';
import { respond, respondText } from './respond.ts';
import type { Answer, CommandRoute, QueryRoute, Route, StreamRoute } from './route.ts';
import { EVENT_STREAM, lastEventId, sendEvents } from './sse.ts';
import { validated } from './validation.ts';

export interface HandlerParts<State> {
  readonly commands: CommandBus<State>;
  readonly log: Log;
  readonly limits: HttpLimits;
  readonly stopping: AbortSignal;
  /** With `{traceId}` in it. */
  readonly traceLinkTemplate: string | undefined;
}

/** What is done with a request of a route. */
export function workOf<State>(route: Route<State>, parts: HandlerParts<State>): Work {
  switch (route.kind) {
    case 'query':
      return queryWork(route, parts);
    case 'stream':
      return streamWork(route, parts);
    case 'command':
      return commandWork(route, parts, jsonBodies(parts.limits.bodyBytes));
  }
}

function queryWork<State>(route: QueryRoute, parts: HandlerParts<State>): Work {
  return async (request, response, traceId) => {
    respond(response, await route.handle(inputOf(route, { request, response, traceId, body: {} }, parts)));
  };
}

function streamWork<State>(route: StreamRoute, parts: HandlerParts<State>): Work {
  return async (request, response, traceId) => {
    const input = inputOf(route, { request, response, traceId, body: {} }, parts);
    if (request.method === 'HEAD') return respondText(response, { status: 200, contentType: EVENT_STREAM, text: '' });
    const events = route.handle(input, lastEventId(request));
    const at = { instance: request.path, traceId };
    await sendEvents(response, events, {
      signal: input.signal,
      heartbeatMs: parts.limits.heartbeatMs,
      log: parts.log,
      at,
    });
  };
}

function commandWork<State>(route: CommandRoute<State>, parts: HandlerParts<State>, read: BodyReader): Work {
  return async (request, response, traceId) => {
    const body = await read(request, response);
    const input = inputOf(route, { request, response, traceId, body }, parts);
    const { customerId, params } = input;
    const claim = claimOf(request, () => ({ customerId, method: 'POST', path: route.path, params, body }));
    const act = route.act && { operator: actingOperator(request), ...route.act(input) };
    const command = { ...(await route.command(input)), act };
    const answer = parts.commands.execute(command, (result) => route.answer(result, input), claim);
    respond(response, await withinBound(answer, parts.limits.commandMs));
  };
}

interface Received {
  readonly request: Request;
  readonly response: Response;
  readonly traceId: string;
  readonly body: unknown;
}

function inputOf<State>(route: Route<State>, received: Received, parts: HandlerParts<State>): Input {
  const { request, response, traceId, body } = received;
  const query = route.query === undefined ? {} : request.query;
  const checked = validated(route, { params: { ...request.params }, query: { ...query }, body });
  return new Input(checked, {
    customerId: actingCustomer(request),
    traceId,
    traceLink: parts.traceLinkTemplate?.replace('{traceId}', traceId),
    response,
    stopping: parts.stopping,
  });
}

async function withinBound(answer: Promise<Answer>, boundMs: number): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Retryable('NO_ANSWER_IN_TIME', `no commit within ${boundMs} ms`)), boundMs);
    timer.unref();
  });
  try {
    return await Promise.race([answer, bound]);
  } finally {
    clearTimeout(timer);
  }
}
