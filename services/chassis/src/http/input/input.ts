import type { ServerResponse } from 'node:http';
import type { RouteInput } from '../route.ts';
import type { Parts } from './validation.ts';

type Circumstances = Pick<RouteInput, 'actor' | 'traceId' | 'traceLink'> & {
  readonly response: ServerResponse;
  readonly stopping: AbortSignal;
};

/** What a handler gets. Its `signal` is made when it is asked for: most handlers do not, and it costs. */
export function inputFor(checked: Parts, { response, stopping, ...known }: Circumstances): RouteInput {
  let signal: AbortSignal | undefined;
  return {
    ...checked,
    ...known,
    get signal() {
      signal ??= goneOrStopping(response, stopping);
      return signal;
    },
  };
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
