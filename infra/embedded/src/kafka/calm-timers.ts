import { createRequire } from 'node:module';

interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(this: RequestQueue): void;
}

const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as {
  readonly prototype: RequestQueue;
};
const schedule = prototype.scheduleCheckPendingRequests;

/**
 * Stops kafkajs 2.2.4 from setting timers with negative delays for a queue that is empty, of which Node 24 warns on the
 * screen (https://github.com/tulios/kafkajs/issues/1751). The chassis does the same for services; the launcher knows none of it.
 */
export function calmTimers(): void {
  prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0) schedule.call(this);
  };
}
