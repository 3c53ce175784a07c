import type { ServerResponse } from 'node:http';
import type { RouteInput } from '../route.ts';
import type { Parts } from './validation.ts';

/** The rest of what a handler knows of its request. */
interface Circumstances {
  readonly actor: string;
  readonly traceId: string;
  readonly traceLink: string | undefined;
  readonly response: ServerResponse;
  readonly stopping: AbortSignal;
}

/** What a handler gets. Its `signal` is made when it is asked for: most handlers do not, and it costs. */
export class Input implements RouteInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly actor: string;
  readonly traceId: string;
  declare readonly traceLink?: string;
  readonly #circumstances: Circumstances;
  #signal: AbortSignal | undefined;

  constructor({ params, query, body }: Parts, circumstances: Circumstances) {
    this.params = params;
    this.query = query;
    this.body = body;
    this.actor = circumstances.actor;
    this.traceId = circumstances.traceId;
    if (circumstances.traceLink !== undefined) this.traceLink = circumstances.traceLink;
    this.#circumstances = circumstances;
  }

  get signal(): AbortSignal {
    this.#signal ??= goneOrStopping(this.#circumstances.response, this.#circumstances.stopping);
    return this.#signal;
  }
}

/** Aborted when the client goes away before its answer is complete, or the service stops. Leaves no listener behind. */
function goneOrStopping(response: ServerResponse, stopping: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  if (stopping.aborted || response.destroyed) abort();
  stopping.addEventListener('abort', abort);
  response.once('close', () => {
    stopping.removeEventListener('abort', abort);
    abort();
  });
  return controller.signal;
}
