import { RegistryUnavailable } from './errors.ts';
import type { AvroSchema } from './event-type.ts';

const NOT_FOUND = new Set([40401, 40402, 40403]);

export interface RegistryOptions {
  /** Where Confluent's API begins: `http://localhost:8081/apis/ccompat/v7`. */
  readonly registryUrl: string;
  /** How long one request may take. Default 5000. */
  readonly timeoutMs?: number;
}

export type Compatibility = 'FULL_TRANSITIVE' | 'BACKWARD_TRANSITIVE';

/** As the registry counts. */
export interface RegisteredVersion {
  readonly version: number;
  readonly schema: string;
}

/** What Troupe needs of a Confluent-compatible registry. All but the answers named here throw RegistryUnavailable. */
export interface RegistryClient {
  /** The schema with this id, as text; undefined when the registry says that it has none. */
  schemaById(id: number): Promise<string | undefined>;
  /** The id of this very schema in the subject, without registering it; undefined when it is not there. */
  idOf(subject: string, schema: AvroSchema): Promise<number | undefined>;
  /** All versions of the subject, oldest first; none when the registry does not have it. */
  versionsOf(subject: string): Promise<readonly RegisteredVersion[]>;
  /** Which versions the subject takes from now on. Idempotent. */
  setCompatibility(subject: string, level: Compatibility): Promise<void>;
  /** Adds a version; `incompatible` carries the registry's explanation. Idempotent. */
  register(subject: string, schema: AvroSchema): Promise<{ readonly id: number } | { readonly incompatible: string }>;
}

interface Answer {
  readonly status: number;
  readonly request: string;
  readonly body: unknown;
}

export function registryClient({ registryUrl, timeoutMs = 5_000 }: RegistryOptions): RegistryClient {
  const base = registryUrl.replace(/\/+$/, '');

  return {
    async schemaById(id) {
      const answer = await ask('GET', `/schemas/ids/${id}`);
      return isMissing(answer) ? undefined : wanted(answer, 'schema', 'string');
    },
    async idOf(subject, schema) {
      const answer = await ask('POST', `/subjects/${encodeURIComponent(subject)}`, { schema: JSON.stringify(schema) });
      return isMissing(answer) ? undefined : wanted(answer, 'id', 'number');
    },
    async versionsOf(subject) {
      const path = `/subjects/${encodeURIComponent(subject)}/versions`;
      const answer = await ask('GET', path);
      if (isMissing(answer)) return [];
      if (answer.status !== 200 || !Array.isArray(answer.body)) throw unexpected(answer);
      return Promise.all(
        answer.body.map(async (version: number) => {
          const one = await ask('GET', `${path}/${version}`);
          return { version, schema: wanted(one, 'schema', 'string') };
        }),
      );
    },
    async setCompatibility(subject, compatibility) {
      const answer = await ask('PUT', `/config/${encodeURIComponent(subject)}`, { compatibility });
      if (answer.status !== 200) throw unexpected(answer);
    },
    async register(subject, schema) {
      const path = `/subjects/${encodeURIComponent(subject)}/versions`;
      const answer = await ask('POST', path, { schema: JSON.stringify(schema) });
      if (answer.status === 409) return { incompatible: explanation(answer.body) };
      return { id: wanted(answer, 'id', 'number') };
    },
  };

  async function ask(method: string, path: string, body?: object): Promise<Answer> {
    const request = `${method} ${base}${path}`;
    try {
      const response = await fetch(base + path, {
        method,
        signal: AbortSignal.timeout(timeoutMs),
        headers: { accept: 'application/json', 'content-type': 'application/vnd.schemaregistry.v1+json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, request, body: parsed(await response.text()) };
    } catch (error) {
      throw new RegistryUnavailable(`The schema registry did not answer ${request} (${reason(error)}).`, {
        cause: error,
      });
    }
  }
}

/** A 404 counts only with the registry's own code: a wrong address or a proxy must not make messages undecodable. */
const isMissing = ({ status, body }: Answer): boolean =>
  status === 404 && NOT_FOUND.has(Number((body as { error_code?: unknown } | null)?.error_code));

function wanted(answer: Answer, property: 'schema', type: 'string'): string;
function wanted(answer: Answer, property: 'id', type: 'number'): number;
function wanted(answer: Answer, property: string, type: string): unknown {
  const value = (answer.body as Record<string, unknown> | null)?.[property];
  if (answer.status !== 200 || typeof value !== type) throw unexpected(answer);
  return value;
}

function unexpected({ status, request, body }: Answer): RegistryUnavailable {
  const hint = status === 404 ? ' Is the registry URL right? It ends in /apis/ccompat/v7 for Apicurio.' : '';
  return new RegistryUnavailable(`The schema registry answered ${request} with ${status} ${explanation(body)}.${hint}`);
}

function explanation(body: unknown): string {
  const message = (body as { message?: unknown } | null)?.message;
  return (typeof message === 'string' ? message : JSON.stringify(body)).slice(0, 2_000);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `fetch failed` says nothing; the cause behind it does. */
function reason(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  return cause?.message || cause?.code || message;
}
