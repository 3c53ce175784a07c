import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { AvroSchema } from '../src/event-type.ts';

/** As much of a schema registry as the codec asks; the integration test holds it against a real one. */
export interface FakeRegistry {
  readonly url: string;
  /** Every request so far: `GET /schemas/ids/1`. */
  readonly requests: string[];
  /** Adds a schema, found by id and under any subject. */
  add(schema: AvroSchema): number;
  /** Answers every request so until it is undefined again; `hang` never answers. */
  broken: { readonly status: number; readonly body: string } | 'hang' | undefined;
  forget(id: number): void;
  close(): Promise<void>;
}

export async function fakeRegistry(): Promise<FakeRegistry> {
  const schemas = new Map<number, string>();
  const server = createServer(async (request, response) => {
    fake.requests.push(`${request.method} ${request.url}`);
    const body = await text(request);
    if (fake.broken === 'hang') return;
    const reply = fake.broken ?? answer(request.url ?? '', body);
    response.writeHead(reply.status, { 'content-type': 'application/json' }).end(reply.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const fake: FakeRegistry = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    broken: undefined,
    add(schema) {
      const id = schemas.size + 1;
      schemas.set(id, JSON.stringify(schema));
      return id;
    },
    forget: (id) => void schemas.delete(id),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return fake;

  function answer(url: string, body: string): { status: number; body: string } {
    const id = url.startsWith('/schemas/ids/') ? Number(url.split('/').at(-1)) : idOf(JSON.parse(body).schema);
    const schema = schemas.get(id);
    if (schema === undefined) return { status: 404, body: '{"error_code":40403,"message":"Schema not found"}' };
    return { status: 200, body: JSON.stringify({ id, schema }) };
  }

  function idOf(schema: string): number {
    return [...schemas].find(([, known]) => known === schema)?.[0] ?? 0;
  }
}
