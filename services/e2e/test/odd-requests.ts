import { request } from 'node:http';
import fc from 'fast-check';

/** A request as it goes over the wire: nothing of it is made better on the way. */
export interface OddRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface OddAnswer {
  readonly status: number;
  readonly type: string;
  /** Empty for a stream, which is not waited for. */
  readonly text: string;
}

/** A JSON schema, as far as the routes of a service use it. */
interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly format?: string;
}
interface Operation {
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
}
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const MOMENTS = [
  '2026-11-21T09:30:00Z',
  '2026-11-21T09:30:00.123456789+23:59',
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00+00:01',
  '9999-12-31T23:59:59.9999999-23:59',
  '9999-12-31T23:59:59Z',
  '2026-02-30T00:00:00Z',
  '+010000-01-01T00:00:00Z',
  '2016-12-31T23:59:60Z',
  `2026-11-21T09:30:00.${'1'.repeat(300)}Z`,
];
const NUMBERS = [0, -0, -1, 1.5, 2 ** 31, 2 ** 53 + 2, -(2 ** 63), 1e21, 1e308, Number.MIN_VALUE];
const WORDS = [
  '',
  ' ',
  'tok_ok',
  'SKU-001',
  'USD',
  'null',
  "' OR 1=1 --",
  '../..',
  '{}',
  'DEAD',
  '\u0000',
  '\ud800',
  '💳'.repeat(150),
];

/** What fits a field of this name, by which a request gets behind its door. */
const FITTING: Readonly<Record<string, string>> = {
  sku: 'SKU-001',
  paymentToken: 'tok_ok',
  customerId: 'demo',
  currency: 'USD',
  reason: 'because',
  topic: 'test.events',
  code: 'AVRO_BROKEN',
};

const base64url = (text: string): string => Buffer.from(text).toString('base64url');
const cursors = (ids: readonly string[]): readonly string[] =>
  [
    'orders',
    'stuck-orders',
    'products',
    'stock',
    'sagas',
    'replays',
    'replayed',
    'operator-acts',
    'dead-letters',
  ].flatMap((list) =>
    [...ids, 'SKU-001', '9'.repeat(18), '9'.repeat(19), '\u0000'].map((key) => base64url(`${list} ${key}`)),
  );

/** Requests to every route of a service: nearly right, and odd in any place. `ids` are of things that there are. */
export function oddRequests({ paths }: OpenApi, ids: readonly string[]): fc.Arbitrary<OddRequest> {
  const id = fc.constantFrom(...ids).chain((known) => {
    return fc.oneof(
      fc.constantFrom(known, known, `{${known}}`, known.replaceAll('-', ''), `urn:uuid:${known}`),
      fc.mixedCase(fc.constant(known)),
    );
  });
  const word = fc.oneof(
    id,
    id,
    fc.constantFrom(...WORDS),
    fc.constantFrom(...MOMENTS),
    fc.constantFrom(...cursors(ids)),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(...NUMBERS).map(String),
    fc.uuid(),
  );
  const routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  return fc.constantFrom(...routes).chain(({ path, method, operation }) => {
    const named = (place: string) => operation.parameters.filter((one) => one.in === place).map(({ name }) => name);
    const schema = operation.requestBody?.content['application/json'].schema;
    return fc.record({
      method: fc.oneof(
        { weight: 9, arbitrary: fc.constant(method) },
        fc.constantFrom('HEAD', 'GET', 'POST', 'PUT', 'OPTIONS'),
      ),
      path: fc
        .tuple(filled(path, fc.oneof({ weight: 4, arbitrary: id }, word)), query(named('query'), word))
        .map(([at, asked]) => (asked === '' ? at : `${at}?${asked}`)),
      headers: headers(word),
      body: schema === undefined ? fc.constantFrom(undefined, undefined, '{}') : body(schema, { id, word }),
    });
  });
}

const escaped = (text: string): string => encodeURIComponent(text.toWellFormed());

function filled(path: string, segment: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const raw = fc.oneof(
    { weight: 9, arbitrary: segment.map(escaped) },
    fc.constantFrom('%', '%ff', '%00', '%ED%A0%80', '..', '%2e%2e', '%2F', '', ';a=b', '#', '*'),
  );
  const parts = path.split('/').map((part) => {
    if (part === '{sku}') return fc.oneof({ weight: 4, arbitrary: fc.constant('SKU-001') }, raw);
    return part.startsWith('{') ? raw : fc.constant(part);
  });
  return fc.tuple(...parts).map((all) => all.join('/'));
}

function query(names: readonly string[], word: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const name = names.length === 0 ? word : fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, word);
  const pair = fc.tuple(name, word).map(([key, value]) => {
    // Nobody waits half a minute in this test.
    const isLong = key === 'wait' && Number(value) > 0;
    return `${escaped(key)}=${isLong ? 'x' : escaped(value)}`;
  });
  return fc.oneof(
    { weight: 9, arbitrary: fc.array(pair, { maxLength: 3 }).map((pairs) => pairs.join('&')) },
    fc.constantFrom('&&=', '%', '=', 'limit', 'limit[]=1', 'limit=%ff'),
  );
}

function headers(word: fc.Arbitrary<string>): fc.Arbitrary<Record<string, string>> {
  // What Node lets a client send at all.
  const value = word.filter((text) => /^[\t\x20-\x7e\x80-\xff]*$/.test(text));
  const types = fc.constantFrom(
    'application/json',
    'application/json;\tcharset=utf-8;',
    'text/plain',
    'application/json; charset=latin1',
    ';',
  );
  return fc
    .record(
      {
        'content-type': fc.oneof({ weight: 9, arbitrary: fc.constant('application/json') }, types, value),
        'x-operator': fc.oneof({ weight: 9, arbitrary: fc.constant('grace') }, value),
        'x-customer-id': fc.oneof({ weight: 5, arbitrary: fc.constant('demo') }, value),
        'idempotency-key': fc.oneof({ weight: 5, arbitrary: fc.constantFrom('k-1', 'k-2') }, value),
        'last-event-id': fc.oneof(fc.constantFrom('1', '0', '99', '-1', '999999999999'), value),
        traceparent: value,
        tracestate: value,
        'content-encoding': fc.oneof({ weight: 30, arbitrary: fc.constant('identity') }, fc.constantFrom('gzip', 'x')),
        accept: value,
      },
      { requiredKeys: ['content-type', 'x-operator'] },
    )
    .map((all) => Object.fromEntries(Object.entries(all).filter(([, text]) => text !== undefined)));
}

interface Texts {
  readonly id: fc.Arbitrary<string>;
  readonly word: fc.Arbitrary<string>;
}

function body(schema: Schema, texts: Texts): fc.Arbitrary<string | undefined> {
  const odd = fc.oneof(fc.jsonValue(), texts.word, fc.constantFrom(...NUMBERS));
  return fc.oneof(
    { weight: 20, arbitrary: like(schema, '', { ...texts, odd }).map((value) => JSON.stringify(value)) },
    { weight: 2, arbitrary: fc.json() },
    fc.constantFrom(...BODIES),
    fc.string({ unit: 'binary' }),
  );
}

const BODIES = [
  undefined,
  '',
  '{',
  '[]',
  'null',
  '{"__proto__":{}}',
  '{"a":1e999}',
  `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
];

/** A value of a schema; in places, any other. */
function like(
  schema: Schema,
  name: string,
  given: Texts & { readonly odd: fc.Arbitrary<unknown> },
): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 30, arbitrary: fitting(schema, name, given) }, given.odd);
}

function fitting(schema: Schema, name: string, given: Parameters<typeof like>[2]): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object': {
      const parts = Object.entries(schema.properties ?? {}).map(([key, part]) => [key, like(part, key, given)]);
      const model = Object.fromEntries(parts) as Record<string, fc.Arbitrary<unknown>>;
      return fc.record(model, { requiredKeys: [...(schema.required ?? [])] });
    }
    case 'array':
      return fc.array(like(schema.items ?? {}, name, given), { minLength: 1, maxLength: 2 });
    case 'integer':
    case 'number':
      return fc.oneof(
        { weight: 8, arbitrary: fc.integer({ min: 1, max: 3 }) },
        fc.integer(),
        fc.constantFrom(...NUMBERS),
      );
    case 'boolean':
      return fc.boolean();
    case 'string':
      return text(schema, name, given);
    default:
      return given.odd;
  }
}

function text({ format }: Schema, name: string, { id, word }: Texts): fc.Arbitrary<string> {
  if (format === 'uuid') return id;
  if (format === 'date-time') return fc.constantFrom(...MOMENTS);
  return fc.oneof({ weight: 8, arbitrary: fc.constant(FITTING[name] ?? 'x') }, word);
}

/** Sends it as it is. Rejects when the connection breaks instead of being answered. */
export function send(url: string, { method, path, headers: sent, body: text }: OddRequest): Promise<OddAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, method, path, headers: { ...sent }, agent: false }, (answer) => {
      const { statusCode: status = 0, headers: received } = answer;
      const type = String(received['content-type']);
      const chunks: Buffer[] = [];
      const done = () => resolve({ status, type, text: Buffer.concat(chunks).toString() });
      if (type === 'text/event-stream') {
        asked.destroy();
        return done();
      }
      answer
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', done)
        .on('error', reject);
    });
    asked.on('error', reject);
    if (method !== 'GET' && method !== 'HEAD' && text !== undefined) asked.write(text);
    asked.end();
  });
}
