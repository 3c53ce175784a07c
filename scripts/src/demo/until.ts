import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 100;

/** Something did not happen in time. */
export class TooLate extends Error {}

/** Looks again and again until there is an answer. @throws TooLate, naming `what`, after `withinMs`. */
export async function until<Answer>(
  what: string,
  look: () => Promise<Answer | undefined>,
  withinMs = 60_000,
): Promise<Answer> {
  const end = Date.now() + withinMs;
  for (;;) {
    const answer = await look();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new TooLate(`Waited ${withinMs / 1000} s in vain until ${what}.`);
    await sleep(LOOK_EVERY_MS);
  }
}
