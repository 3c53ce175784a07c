import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until a condition holds. @throws Error when it does not within `withinMs`. */
export async function eventually(
  holds: () => boolean | Promise<boolean>,
  what: string,
  withinMs = 90_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`after ${withinMs} ms there was still not: ${what}`);
    await sleep(5);
  }
}
