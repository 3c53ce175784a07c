import { context } from '@opentelemetry/api';
import type { Request, RequestHandler, Response } from 'express';
import { DomainError, Retryable } from '../../rules/failure.ts';
import type { Log } from '../../telemetry/log.ts';
import { histogram, SECONDS } from '../../telemetry/metrics.ts';
import { understood } from '../answer/away.ts';
import { problemAnswer } from '../answer/problem.ts';
import { respond } from '../answer/respond.ts';
import { endServerSpan, methodName, startServerSpan } from './tracing.ts';

/** From the request's head to the end of its handler; for streams that is as long as the client stays. */
const duration = histogram({
  name: 'http_server_request_duration_seconds',
  help: 'How long requests took, by method, route and status.',
  labels: ['method', 'route', 'status'],
  buckets: SECONDS,
});

/** What is done with one request: it answers, or throws what becomes problem details. */
export type Work = (request: Request, response: Response, traceId: string) => Promise<void>;

export interface ExchangeParts {
  readonly log: Log;
  /** Aborted when the service stops: answers then tell the client to close its connection. */
  readonly stopping: AbortSignal;
}

/** What every request has around it: an active span, a duration, problem details. Never rejects. */
export function exchange({ log, stopping }: ExchangeParts, route: string | undefined, work: Work): RequestHandler {
  return async (request, response) => {
    const startedAt = performance.now();
    const server = startServerSpan(request, route);
    const { traceId } = server.span.spanContext();
    if (stopping.aborted) response.setHeader('connection', 'close');
    await context.with(server.context, async () => {
      try {
        await work(request, response, traceId);
      } catch (thrown) {
        const error = understood(thrown);
        note(log, error);
        fail(response, error, { instance: request.path, traceId });
      }
    });
    endServerSpan(server, response);
    const labels = { method: methodName(request), route: route ?? 'none', status: response.statusCode };
    duration.observe(labels, (performance.now() - startedAt) / 1000);
  };
}

function fail(response: Response, error: unknown, at: { instance: string; traceId: string }): void {
  if (response.headersSent) response.destroy();
  else respond(response, problemAnswer(error, at));
}

/** What a client did wrong, and what a rule refused, is the client's to know; the rest is ours. */
function note(log: Log, error: unknown): void {
  if (error instanceof Retryable) noteSentAway(log, error);
  else if (!(error instanceof DomainError)) log.error({ err: error }, 'a request failed');
}

/** While a dependency is away every request fails alike: one line a second for each cause tells as much as all. */
function noteSentAway(log: Log, { code, message }: Retryable): void {
  const now = performance.now();
  if (now < (quietUntil.get(code) ?? 0)) return;
  quietUntil.set(code, now + 1_000);
  log.warn({ code, cause: message }, 'a request was sent away with 503');
}

const quietUntil = new Map<string, number>();
