import { setTimeout as sleep } from 'node:timers/promises';

/** Polls until `done` holds or the time is over; returns which. */
export async function within(ms: number, done: () => boolean): Promise<boolean> {
  const end = Date.now() + ms;
  while (!done()) {
    if (Date.now() >= end) return false;
    await sleep(25);
  }
  return true;
}

/** What is needed to end a process. */
export interface Ending {
  /** Sent one after the other, each when the one before had no effect within `eachMs`; at last SIGKILL. */
  readonly signals: readonly NodeJS.Signals[];
  readonly eachMs: number;
  readonly ended: () => boolean;
}

/** Ends a process and waits until it is gone. Returns whether it went without SIGKILL. */
export async function end(pid: number, ending: Ending): Promise<boolean> {
  for (const signal of ending.signals) {
    send(pid, signal);
    // A process that is stopped (SIGSTOP) sees no signal before it goes on.
    send(pid, 'SIGCONT');
    if (await within(ending.eachMs, ending.ended)) return true;
  }
  send(pid, 'SIGKILL');
  await within(10_000, ending.ended);
  return false;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended in the meantime.
  }
}
