import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../children/child.ts';
import type { Reporter } from '../reporter.ts';

interface Watch {
  readonly worker: Pick<Child, 'state' | 'kill'>;
  /** The address of its REST API. */
  readonly url: string;
  readonly report: Reporter;
  /** For tests: how long a worker may be silent. */
  readonly silenceMs?: number;
}

const lookEveryMs = 1_000;
/**
 * Far longer than an answer takes, and short beside an order's deadline of 60 s. A worker that waits for a frozen PostgreSQL
 * may be silent as well; ending it costs nothing, because it has nothing to do.
 */
const hungAfterMs = 5_000;

/**
 * Ends a worker that runs and does not answer, until `signal` is aborted; its supervisor starts it again. A standalone
 * worker can lock up when several connectors with variables in their settings start together, as after PostgreSQL was away:
 * it publishes nothing, and its REST API accepts requests and never answers. It keeps no state, so ending it loses nothing.
 * Never rejects.
 */
export async function endWhenHung(watch: Watch, signal: AbortSignal): Promise<void> {
  const { worker, url, report, silenceMs = hungAfterMs } = watch;
  while (!signal.aborted) {
    if (worker.state === 'ready' && (await isSilent(url, silenceMs)) && worker.state === 'ready' && !signal.aborted) {
      report.warn(`Kafka Connect has not answered for ${silenceMs / 1000} s; it is ended.`);
      worker.kill('SIGKILL');
    }
    await sleep(lookEveryMs, undefined, { signal }).catch(() => {});
  }
}

/** Whether a request is accepted and not answered. The supervisor handles a worker that refuses connections. */
async function isSilent(url: string, silenceMs: number): Promise<boolean> {
  try {
    await (await fetch(`${url}/connectors?expand=status`, { signal: AbortSignal.timeout(silenceMs) })).text();
    return false;
  } catch (error) {
    return (error as Error).name === 'TimeoutError';
  }
}
