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
 * Stops kafkajs 2.2.4 from setting timers with a negative delay for queues that are empty: newer Node prints a warning
 * amid the events, and this process would wake up every millisecond (https://github.com/tulios/kafkajs/issues/1751).
 */
export function calmRequestTimers(): void {
  prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0) schedule.call(this);
  };
}
