import { totalmem } from 'node:os';
import { constrainedMemory, memoryUsage } from 'node:process';

/** Memory of this process, and how long its event loop takes for a turn: who asks then waits behind all that waits there. */
export async function processStatus() {
  const askedAt = performance.now();
  await new Promise<void>((resolve) => void setTimeout(resolve, 0));
  const turnMs = performance.now() - askedAt;
  const limit = constrainedMemory();
  return {
    memoryBytes: memoryUsage.rss(),
    memoryLimitBytes: limit > 0 && limit < totalmem() ? limit : null,
    // A timer of Node lasts a millisecond at least.
    eventLoopMs: Math.round(Math.max(0, turnMs - 1) * 100) / 100,
  };
}
