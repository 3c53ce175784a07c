import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '@troupe/embedded';

export interface Wait {
  readonly withinMs: number;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

/** Looks until nothing is wrong. @throws StartError with what is still wrong when the time is over: the run has no figures. */
export async function untilRight(
  faults: () => Promise<readonly string[]>,
  { withinMs, everyMs, signal }: Wait,
): Promise<void> {
  const end = performance.now() + withinMs;
  for (;;) {
    signal.throwIfAborted();
    const found = await faults();
    if (found.length === 0) return;
    if (performance.now() > end) throw new StartError(['The run is wrong, so it has no figures.', ...found]);
    await sleep(everyMs, undefined, { signal });
  }
}
