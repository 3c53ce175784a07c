import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { calmRequestTimers } from '../../../src/kafka/patches/request-timers.ts';

interface Queue {
  readonly inflight: Map<number, object>;
  readonly pending: object[];
  scheduleRequestTimeoutCheck(): void;
  scheduleCheckPendingRequests(): void;
  destroy(): void;
}
const KafkajsQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as new (
  options: object,
) => Queue;
const silent = { debug: () => undefined };

/** The queue of a connection on which one request waits for its answer. */
function queueWithOneRequest(isConnected: () => boolean = () => true) {
  const queue = new KafkajsQueue({ enforceRequestTimeout: true, logger: silent, isConnected });
  const timeoutRequest = jest.fn();
  queue.inflight.set(1, { sentAt: Date.now(), requestTimeout: 15_000, timeoutRequest });
  return { queue, timeoutRequest };
}

describe('the timers of connections to Kafka', () => {
  beforeEach(() => {
    jest.useFakeTimers();
    calmRequestTimers();
  });
  afterEach(() => void jest.useRealTimers());

  it('are one for all connections, which finds any request that has had no answer for too long', () => {
    const all = [queueWithOneRequest(), queueWithOneRequest()];
    for (const { queue } of all) queue.scheduleRequestTimeoutCheck();
    expect(jest.getTimerCount()).toBe(1);
    jest.advanceTimersByTime(15_000);
    for (const { timeoutRequest } of all) expect(timeoutRequest).not.toHaveBeenCalled();
    jest.advanceTimersByTime(3_000);
    for (const { timeoutRequest } of all) expect(timeoutRequest).toHaveBeenCalledTimes(1);
    for (const { queue } of all) queue.destroy();
  });

  it('end with the last connection, and begin anew with the next one', () => {
    const [first, second] = [queueWithOneRequest(), queueWithOneRequest()];
    for (const { queue } of [first, second]) queue.scheduleRequestTimeoutCheck();
    first.queue.destroy();
    expect(jest.getTimerCount()).toBe(1);
    second.queue.destroy();
    expect(jest.getTimerCount()).toBe(0);
    first.queue.scheduleRequestTimeoutCheck();
    jest.advanceTimersByTime(18_000);
    expect(first.timeoutRequest).toHaveBeenCalledTimes(1);
    expect(second.timeoutRequest).not.toHaveBeenCalled();
    first.queue.destroy();
  });

  it('let a connection go that is no more', () => {
    let connected = true;
    const { queue } = queueWithOneRequest(() => connected);
    queue.scheduleRequestTimeoutCheck();
    connected = false;
    jest.advanceTimersByTime(3_000);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('are not set for a queue in which nothing waits to be sent', () => {
    const { queue } = queueWithOneRequest();
    queue.scheduleCheckPendingRequests();
    expect(jest.getTimerCount()).toBe(0);
    queue.pending.push({});
    queue.scheduleCheckPendingRequests();
    expect(jest.getTimerCount()).toBe(1);
    queue.destroy();
  });
});
