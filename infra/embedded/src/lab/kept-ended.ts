import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../children/child.ts';
import type { Context } from '../stack/context.ts';

/** A start that failed, because something that it needs is away as well, is tried again so often. */
const AGAIN_MS = 1_000;

/**
 * True ends a process of the stack and keeps it ended. False starts it, and goes on in the background until it is ready, the
 * process is to be ended again, or the stack stops.
 */
export function keptEnded({ supervisor, report }: Context, name: string): (on: boolean) => Promise<void> {
  let wanted = true;

  async function started(child: Child): Promise<void> {
    while (wanted && !supervisor.signal.aborted) {
      const failure = await child.start().then(
        () => undefined,
        (error: Error) => error,
      );
      if (failure === undefined) return;
      if (wanted && !supervisor.signal.aborted) report.warn(`${failure.message} Trying again.`);
      await sleep(AGAIN_MS, undefined, { signal: supervisor.signal }).catch(() => undefined);
    }
  }

  return async (on) => {
    const child = supervisor.child(name);
    wanted = !on;
    if (supervisor.signal.aborted) return;
    report.note(on ? `Lab: ${name} is stopped.` : `Lab: ${name} is started again.`);
    if (on) await child.stop();
    else void started(child);
  };
}
