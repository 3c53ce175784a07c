import { z } from 'zod';
import { type ActorSource, ANYBODY, operators } from './actor.ts';
import type { ActRoute, CommandRoute, ForwardRoute, Route } from './route.ts';

type Json = { readonly [key: string]: unknown };

interface Documented<State> {
  readonly service: string;
  readonly version: string;
  readonly routes: readonly Route<State>[];
  readonly actors?: ActorSource;
}

/** A service's routes as an OpenAPI 3.1 document: the schemas that check requests are the ones that describe them. */
export function openApi<State>({ service, version, routes, actors = ANYBODY }: Documented<State>): Json {
  const schemas = new Schemas();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(route, schemas, actors.parameter) };
  }
  return {
    openapi: '3.1.0',
    info: { title: `Troupe: ${service}`, version, description: LENGTHS },
    paths,
    components: { schemas: { ...schemas.named, Problem: PROBLEM } },
  };
}

/**
 * Every object in a body must refuse fields that it does not know: a typing error in an optional field is
 * told, and nobody can slip in a status or a price.
 *
 * @throws Error that names the first route and place that does not.
 */
export function refuseLooseBodies<State>(routes: readonly Route<State>[]): void {
  for (const route of routes) {
    if (!hasBody(route)) continue;
    const loose = looseObject(z.toJSONSchema(route.body, { io: 'input', unrepresentable: 'any' }), '');
    if (loose === undefined) continue;
    throw new Error(
      `The body of POST ${route.path} accepts unknown fields at ${loose || 'its top'}: use z.strictObject there.`,
    );
  }
}

type WithBody<State> = CommandRoute<State> | ActRoute | ForwardRoute;

const hasBody = <State>(route: Route<State>): route is WithBody<State> =>
  route.kind === 'command' || route.kind === 'act' || route.kind === 'forward';

/** Whether an `Idempotency-Key` is kept here, with the answer. */
const keepsKey = <State>(route: Route<State>): boolean => hasBody(route) && route.kind !== 'forward';

/** JSON schemas; those with an id (`.meta({ id: 'Trip' })`) are written once and referred to. */
class Schemas {
  readonly named: Record<string, unknown> = {};

  of(schema: z.ZodType, io: 'input' | 'output'): Json {
    const {
      $schema: _,
      $defs = {},
      ...rest
    } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json & { $defs?: Json };
    for (const [id, definition] of Object.entries($defs)) this.named[id] = relocated(definition);
    return relocated(rest) as Json;
  }
}

function relocated(part: unknown): unknown {
  return JSON.parse(JSON.stringify(part).replaceAll('"#/$defs/', '"#/components/schemas/'));
}

function operation<State>(route: Route<State>, schemas: Schemas, actor: Json | undefined): Json {
  const parameters = [
    ...parametersOf(route.params, 'path', schemas),
    ...parametersOf(route.query, 'query', schemas),
    ...(keepsKey(route) ? [IDEMPOTENCY_KEY] : []),
    ...(route.kind === 'command' && route.act !== undefined ? [operators.parameter] : []),
    ...(route.kind === 'command' && route.asked !== undefined ? [CAUSATION, CAUSE_DEPTH] : []),
    ...(route.kind === 'stream' ? [LAST_EVENT_ID] : []),
    ...(route.kind === 'act' ? [operators.parameter] : actor === undefined ? [] : [actor]),
  ];
  return {
    summary: route.summary,
    parameters,
    ...(hasBody(route) ? { requestBody: requestBody(route, schemas) } : {}),
    responses: { ...success(route, schemas), ...problems(route) },
  };
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query', schemas: Schemas): readonly Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemas.of(schema, 'input') as {
    properties?: Json;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

function requestBody<State>(route: WithBody<State>, schemas: Schemas): Json {
  const required = !route.body.safeParse({}).success;
  return { required, content: { 'application/json': { schema: schemas.of(route.body, 'input') } } };
}

function success<State>(route: Route<State>, schemas: Schemas): Json {
  if (route.kind === 'stream') {
    return {
      '200': { description: 'Server-sent events.', content: { 'text/event-stream': { schema: { type: 'string' } } } },
    };
  }
  const content = { 'application/json': { schema: schemas.of(route.response, 'output') } };
  return { '2XX': { description: route.summary, ...(keepsKey(route) ? { headers: REPLAYED } : {}), content } };
}

function problems<State>(route: Route<State>): Json {
  const statuses = hasBody(route)
    ? ['400', '404', '409', '413', '415', '422', '500', '503']
    : ['400', '404', '500', '503'];
  return Object.fromEntries(
    statuses.map((status) => [status, { description: MEANINGS[status], content: PROBLEM_CONTENT }]),
  );
}

/** Where an object lets unknown fields through, as a path of fields; undefined when none does. */
function looseObject(schema: unknown, at: string): string | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined;
  const { properties = {}, ...rest } = schema as Json & { readonly properties?: Json };
  // An object of any keys is its author's choice: z.record and z.looseObject say what may be in it.
  if (rest.type === 'object' && rest.additionalProperties === undefined) return at;
  const inside = [
    ...Object.entries(properties).map(([name, part]) => looseObject(part, `${at}/${name}`)),
    ...Object.values(rest).map((part) => looseObject(part, at)),
  ];
  return inside.find((found) => found !== undefined);
}

const LENGTHS =
  'Lengths of texts are counted in characters of Unicode (code points), as JSON Schema counts minLength and maxLength: an emoji such as 😀 is one.';

const MEANINGS: Readonly<Record<string, string>> = {
  '400':
    'The request does not have the expected form: malformed JSON, a missing or unknown field, a wrong type, a wrong address.',
  '404': 'There is no such thing.',
  '409': 'It is not possible in the present state, or the idempotency key is in use.',
  '413': 'The body is above 100 KB.',
  '415': 'The body is not JSON.',
  '422': 'A value is not acceptable, or the idempotency key was used for another request.',
  '500': 'The service made a mistake.',
  '503': 'Try again after as many seconds as Retry-After says.',
};

const PROBLEM: Json = {
  type: 'object',
  description: 'Problem details, RFC 9457.',
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string', format: 'uri-reference' },
    code: { type: 'string', description: 'Stable, for programs.' },
    traceId: { type: 'string', pattern: '^[0-9a-f]{32}$' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          field: { type: 'string', description: 'A JSON pointer into the body, or `query …`, `path …`, `header …`.' },
          message: { type: 'string' },
        },
        required: ['field', 'message'],
      },
    },
  },
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'traceId'],
};
const PROBLEM_CONTENT: Json = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

const IDEMPOTENCY_KEY: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'However often the request is sent with this key, it takes effect once and has the same answer.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
};
const REPLAYED: Json = {
  'Idempotency-Replayed': {
    description: '`true` when the key was answered before.',
    schema: { type: 'string', enum: ['true'] },
  },
};
const LAST_EVENT_ID: Json = {
  name: 'Last-Event-ID',
  in: 'header',
  required: false,
  description: 'Go on behind this event; an id that this stream never gave starts it from the beginning.',
  schema: { type: 'string' },
};
const CAUSATION: Json = {
  name: 'X-Causation-Id',
  in: 'header',
  required: false,
  description: 'Of an orchestrator: the id of the step of its saga, which the events that follow name as their cause.',
  schema: { type: 'string', format: 'uuid' },
};
const CAUSE_DEPTH: Json = {
  name: 'X-Causation-Depth',
  in: 'header',
  required: false,
  description:
    'Of an orchestrator: how deep that step lies in the tree of causes; the events that follow lie one deeper.',
  schema: { type: 'integer', minimum: 1, maximum: 999_999_999, default: 1 },
};
