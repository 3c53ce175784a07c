import express, { type ErrorRequestHandler, type RequestHandler, type Response, Router } from 'express';
import { spansOf, type Taken } from './otlp.ts';
import type { Span } from './span.ts';

/** Exporters send some hundreds of spans at once, a kilobyte each. */
const BODY_BYTES = 8 * 1_048_576;

/** Takes spans, and returns how many of them found no place. */
export type TakeSpans = (spans: readonly Span[]) => number;

/**
 * `POST /v1/traces`: OTLP over HTTP, in JSON (https://opentelemetry.io/docs/specs/otlp/#otlphttp). What cannot be kept is told as
 * a partial success, so that nobody sends it again.
 */
export function spanReceiver(take: TakeSpans, forward: (body: Buffer) => void = () => undefined): RequestHandler {
  const router = Router();
  router.post('/', onlyJson, express.raw({ type: () => true, limit: BODY_BYTES }), (request, response) => {
    const taken = parsed(request.body);
    if (taken === undefined) return refuse(response, MALFORMED);
    forward(request.body);
    const dropped = take(taken.spans);
    const rejectedSpans = taken.rejected + dropped;
    const errorMessage = dropped > 0 ? 'spans come faster than they are written' : 'spans without ids or times';
    response.json(rejectedSpans === 0 ? {} : { partialSuccess: { rejectedSpans, errorMessage } });
  });
  router.all('/', (_request, response) => refuse(response.set('allow', 'POST'), WRONG_METHOD));
  router.use(((error, _request, response, _next) => {
    refuse(response, (error as { type?: unknown }).type === 'entity.too.large' ? TOO_LARGE : MALFORMED);
  }) satisfies ErrorRequestHandler);
  return router;
}

const onlyJson: RequestHandler = (request, response, next) => {
  if (request.is('application/json')) next();
  else refuse(response, NOT_JSON);
};

function parsed(body: unknown): Taken | undefined {
  try {
    return Buffer.isBuffer(body) ? spansOf(JSON.parse(body.toString('utf8'))) : undefined;
  } catch {
    return undefined;
  }
}

interface Refused {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
}

const NOT_JSON: Refused = {
  status: 415,
  code: 'SPANS_NOT_JSON',
  title: 'Spans are taken as JSON',
  detail: 'Set OTEL_EXPORTER_OTLP_PROTOCOL=http/json where they are sent.',
};
const TOO_LARGE: Refused = {
  status: 413,
  code: 'TOO_MANY_SPANS',
  title: 'The spans are too many for one request',
  detail: `Send at most ${BODY_BYTES / 1_048_576} MB at once: set OTEL_BSP_MAX_EXPORT_BATCH_SIZE to less.`,
};
const MALFORMED: Refused = {
  status: 400,
  code: 'MALFORMED_SPANS',
  title: 'The body is no ExportTraceServiceRequest in JSON',
  detail: 'Send what an OTLP exporter sends with OTEL_EXPORTER_OTLP_PROTOCOL=http/json.',
};
const WRONG_METHOD: Refused = {
  status: 405,
  code: 'METHOD_NOT_ALLOWED',
  title: 'The address does not know this method',
  detail: 'Use POST here.',
};

/** Problem details for people; `message` is what exporters log. */
function refuse(response: Response, { status, code, title, detail }: Refused): void {
  const type = `urn:troupe:problem:${code.toLowerCase().replaceAll('_', '-')}`;
  const body = { type, title, status, detail, code, message: `${title}. ${detail}` };
  response.status(status).type('application/problem+json').send(JSON.stringify(body));
}
