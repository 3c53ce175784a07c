import { createRequire } from 'node:module';

interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly inflight: ReadonlyMap<
    number,
    { readonly sentAt: number; readonly requestTimeout: number; timeoutRequest(): void }
  >;
  readonly enforceRequestTimeout: boolean;
  readonly isConnected: () => boolean;
  destroy(this: RequestQueue): void;
  scheduleCheckPendingRequests(this: RequestQueue): void;
  scheduleRequestTimeoutCheck(this: RequestQueue): void;
}

/** How late a request may be found to have had no answer. kafkajs looks ten times a second, on every connection. */
const LOOK_MS = 3_000;

const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as {
  readonly prototype: RequestQueue;
};
const { scheduleCheckPendingRequests: schedule, destroy } = prototype;

/** The queues of connections that are open: one timer looks at all of them. */
const watched = new Set<RequestQueue>();
let looking: NodeJS.Timeout | undefined;

/**
 * Only fast. kafkajs 2.2.4 wakes every millisecond on every connection, to look at a queue that is empty
 * (https://github.com/tulios/kafkajs/issues/1751). Whatever is put into such a queue looks at it itself.
 */
export function calmRequestTimers(): void {
  prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0) schedule.call(this);
  };
  prototype.scheduleRequestTimeoutCheck = function () {
    if (!this.enforceRequestTimeout) return;
    watched.add(this);
    looking ??= setInterval(lookAtAll, LOOK_MS);
  };
  prototype.destroy = function () {
    destroy.call(this);
    watched.delete(this);
    if (watched.size > 0) return;
    clearInterval(looking);
    looking = undefined;
  };
}

function lookAtAll(): void {
  const now = Date.now();
  for (const queue of watched) {
    for (const request of queue.inflight.values()) {
      if (now - request.sentAt > request.requestTimeout) request.timeoutRequest();
    }
    if (!queue.isConnected()) queue.destroy();
  }
}
