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
 * Keeps kafkajs 2.2.4 from setting timers with negative delays for an empty queue, about which Node 24 prints warnings
 * (https://github.com/tulios/kafkajs/issues/1751). The chassis does the same for services, and the launcher does not use it.
 */
export function calmTimers(): void {
  prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0) schedule.call(this);
  };
}
