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
 * Stops kafkajs 2.2.4 from waking up every millisecond on every connection: it sets a timer with a negative delay, again
 * and again, to look at a queue that is empty (https://github.com/tulios/kafkajs/issues/1751; newer Node also prints
 * TimeoutNegativeWarning). An empty queue needs no timer: whatever is put into it looks at it.
 */
export function calmRequestTimers(): void {
  prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0) schedule.call(this);
  };
}
