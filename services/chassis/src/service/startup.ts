import { setTimeout as sleep } from 'node:timers/promises';
import { fullJitter } from '../process/backoff.ts';
import type { Readiness } from '../process/readiness.ts';
import { shortReason } from '../rules/failure.ts';
import type { Log } from '../telemetry/log.ts';

/** Tries until it works, saying at `/readyz` what is missing. Returns early when the service is to stop. */
export async function waitedOut(
  part: string,
  attempt: () => Promise<unknown>,
  { readiness, log, stopping }: { readonly readiness: Readiness; readonly log: Log; readonly stopping: AbortSignal },
): Promise<void> {
  for (let tries = 1; !stopping.aborted; tries += 1) {
    try {
      await attempt();
      readiness.ok(part);
      return;
    } catch (error) {
      const reason = shortReason(error);
      readiness.notOk(part, `Not there yet: ${reason}`);
      log.warn({ part, attempt: tries, reason }, 'a dependency is not there yet; trying again');
      await sleep(fullJitter(tries, 100, 2_000), undefined, { signal: stopping }).catch(() => undefined);
    }
  }
}
