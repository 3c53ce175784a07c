import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Attributes, type Context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  ATTR_CLIENT_ADDRESS,
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_PATH,
  ATTR_URL_QUERY,
  ATTR_URL_SCHEME,
  ATTR_USER_AGENT_ORIGINAL,
} from '@opentelemetry/semantic-conventions';
import { contextOf, tracer } from '../../telemetry/trace-context.ts';

export interface ServerSpan {
  readonly span: Span;
  readonly context: Context;
}

/** The methods that OpenTelemetry knows; another one must not become a name. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']);

export function methodName(request: IncomingMessage): string {
  const method = request.method ?? '';
  return METHODS.has(method) ? method : '_OTHER';
}

/**
 * Starts the span of a request: https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server
 * @param route the pattern of the path; undefined when no route matched
 */
export function startServerSpan(request: IncomingMessage, route: string | undefined): ServerSpan {
  const { traceparent, tracestate } = request.headers;
  const parent = contextOf({ traceparent, tracestate });
  const method = methodName(request);
  const spanMethod = method === '_OTHER' ? 'HTTP' : method;
  const name = route === undefined ? spanMethod : `${spanMethod} ${route}`;
  const [path = '/', query] = (request.url ?? '/').split('?', 2);
  const attributes: Attributes = {
    [ATTR_HTTP_REQUEST_METHOD]: method,
    [ATTR_URL_PATH]: path,
    [ATTR_URL_SCHEME]: 'http',
  };
  if (route !== undefined) attributes[ATTR_HTTP_ROUTE] = route;
  if (query !== undefined) attributes[ATTR_URL_QUERY] = query;
  const span = tracer().startSpan(name, { kind: SpanKind.SERVER, attributes }, parent);
  if (span.isRecording()) span.setAttributes(peers(request));
  return { span, context: trace.setSpan(parent, span) };
}

/** Ends it with the status; 5xx is the server's failure, 4xx the client's and no error of this span. */
export function endServerSpan({ span }: ServerSpan, response: ServerResponse): void {
  const status = response.statusCode;
  span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, status);
  if (status >= 500) {
    span.setAttribute(ATTR_ERROR_TYPE, String(status));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

function peers({ httpVersion, headers, socket }: IncomingMessage): Attributes {
  const [, address, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(headers.host ?? '') ?? [];
  return {
    [ATTR_NETWORK_PROTOCOL_VERSION]: httpVersion,
    [ATTR_SERVER_ADDRESS]: address === '' ? undefined : address,
    [ATTR_SERVER_PORT]: port === undefined ? undefined : Number(port),
    [ATTR_CLIENT_ADDRESS]: socket.remoteAddress,
    [ATTR_USER_AGENT_ORIGINAL]: headers['user-agent'],
  };
}
