import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Registry } from 'prom-client';
import { HTTP_LIMITS, type HttpLimits } from '../../configuration/http-limits.ts';
import type { CommandBus, KeptAnswers } from '../../incoming/commands.ts';
import type { Readiness } from '../../process/readiness.ts';
import type { Log } from '../../telemetry/log.ts';
import { metrics } from '../../telemetry/metrics.ts';
import { type ActorSource, ANYBODY } from '../actor.ts';
import { type ActBus, NO_ACTS } from '../acts.ts';
import { HttpProblem } from '../answer/problem.ts';
import { respond } from '../answer/respond.ts';
import { workOf } from '../handlers.ts';
import { openApi, refuseLooseBodies } from '../openapi.ts';
import type { Route } from '../route.ts';
import { Bulkhead } from './bulkhead.ts';
import { exchange } from './exchange.ts';
import { addHealth } from './health.ts';

/** What answers at a path and below it in its own way: pages, or a protocol with its own bodies. */
export interface Mounted {
  /** `/` is every path that no route has. */
  readonly path: string;
  /** Calls `next` for what is not its own. It has no span, no duration, no bulkhead and no security headers but its own. */
  readonly handler: RequestHandler;
}

export interface AppOptions<State> {
  readonly service: string;
  readonly version: string;
  /** The first that matches is taken: put `/trips/search` before `/trips/:tripId`. */
  readonly routes: readonly Route<State>[];
  /** Behind the routes, in this order. */
  readonly mounted?: readonly Mounted[];
  /** Default: everybody is one. */
  readonly actors?: ActorSource;
  readonly commands: CommandBus<State>;
  readonly acts?: ActBus;
  readonly keptAnswer?: KeptAnswers;
  readonly readiness: Readiness;
  readonly log: Log;
  readonly metricsRegistry?: Registry;
  /** Where people look at a trace, with `{traceId}` in it. */
  readonly links?: { readonly trace?: string | undefined };
  readonly limits?: Partial<HttpLimits>;
  readonly stopping?: AbortSignal;
}

const NEVER = new AbortController().signal;

/** A service's routes as an Express app. @throws when the body of a command or an act lets unknown fields through. */
export function createApp<State>(options: AppOptions<State>): Express {
  const { routes, readiness, links, stopping = NEVER, acts = NO_ACTS, actors = ANYBODY, keptAnswer } = options;
  const limits = { ...HTTP_LIMITS, ...options.limits };
  const bulkheads = {
    commands: new Bulkhead('commands', limits.commandsAtOnce),
    reads: new Bulkhead('reads', limits.readsAtOnce),
  };
  const parts = { ...options, bulkheads, actors, acts, keptAnswer, limits, stopping, traceLinkTemplate: links?.trace };
  refuseLooseBodies(routes);

  const app = express();
  app.disable('x-powered-by').enable('case sensitive routing').set('query parser', 'simple');
  for (const route of routes) app[route.method](route.path, exchange(parts, route.path, workOf(route, parts)));
  addHealth(app, readiness, options.metricsRegistry ?? metrics);
  const document = openApi(options);
  app.get('/openapi.json', (_request, response) => respond(response, { status: 200, body: document }));

  for (const [path, methods] of methodsByPath(routes)) {
    app.all(
      path,
      exchange(parts, path, () => Promise.reject(methodNotAllowed(methods))),
    );
  }
  for (const { path, handler } of options.mounted ?? []) app.use(path, handler);
  app.use(exchange(parts, undefined, () => Promise.reject(notFound())));
  app.use(((error, request, response, next) => {
    const problem = (error as { status?: unknown }).status === 400 ? undecodablePath() : error;
    exchange(parts, undefined, () => Promise.reject(problem))(request, response, next);
  }) satisfies ErrorRequestHandler);
  return app;
}

function methodsByPath<State>(routes: readonly Route<State>[]): ReadonlyMap<string, readonly string[]> {
  const operations = ['/livez', '/readyz', '/metrics', '/openapi.json'];
  const methods = new Map<string, string[]>(operations.map((path) => [path, ['GET', 'HEAD']]));
  for (const { path, method } of routes) {
    methods.set(path, [...(methods.get(path) ?? []), ...(method === 'get' ? ['GET', 'HEAD'] : ['POST'])]);
  }
  return methods;
}

function methodNotAllowed(methods: readonly string[]): HttpProblem {
  const allowed = methods.join(', ');
  return new HttpProblem({
    status: 405,
    code: 'METHOD_NOT_ALLOWED',
    title: 'The address does not know this method',
    detail: `Use ${allowed} here; /openapi.json lists what the addresses take.`,
    headers: { allow: allowed },
  });
}

function notFound(): HttpProblem {
  return new HttpProblem({
    status: 404,
    code: 'ADDRESS_NOT_FOUND',
    title: 'There is nothing at this address',
    detail: 'Correct the path; /openapi.json lists the addresses of this service.',
  });
}

function undecodablePath(): HttpProblem {
  return new HttpProblem({
    status: 400,
    code: 'INVALID_REQUEST',
    title: 'The request does not have the expected form',
    detail: 'The path has a % that is not followed by two hex digits of UTF-8; encode it as %25.',
    faults: [{ field: 'path', message: 'must be percent-encoded UTF-8' }],
  });
}
