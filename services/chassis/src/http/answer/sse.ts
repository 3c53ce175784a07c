import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../telemetry/log.ts';
import type { ServerSentEvent } from '../route.ts';
import { understood } from './away.ts';
import { problemAnswer } from './problem.ts';
import { setSecurityHeaders } from './respond.ts';

const EVENT_STREAM = 'text/event-stream';

const VISIBLE = /^[\x21-\x7e]{1,255}$/;
/** Until then an error can still be answered with its own status. */
const UNDECIDED_MS = 1_000;

export interface StreamSetting {
  readonly signal: AbortSignal;
  readonly heartbeatMs: number;
  readonly log: Log;
  readonly at: { readonly instance: string; readonly traceId: string };
}

/**
 * Where a client that was cut off goes on (https://html.spec.whatwg.org/multipage/server-sent-events.html). What cannot
 * be an id of ours starts the stream from its beginning: a browser that is refused never asks again.
 */
export function lastEventId(request: IncomingMessage): string | undefined {
  const id = request.headers['last-event-id'];
  return typeof id === 'string' && VISIBLE.test(id) ? id : undefined;
}

/** Answers HEAD as GET would be answered, without events. @throws what the events throw before the first of them. */
export async function sendHead(
  response: ServerResponse,
  events: AsyncIterable<ServerSentEvent>,
  { signal, log }: Pick<StreamSetting, 'signal' | 'log'>,
): Promise<void> {
  const iterator = events[Symbol.asyncIterator]();
  try {
    await Promise.race([nextEvent(iterator, signal), sleep(UNDECIDED_MS, undefined, { ref: false })]);
  } finally {
    close(iterator, log);
  }
  open(response);
  response.end();
}

/**
 * Sends events no faster than the client reads, with comments in between so that no proxy thinks the connection dead.
 * Resolves when the events end or the client is gone.
 * @throws what the events throw before the first of them, within a second. Later it is sent as an event `problem`, and
 *   ends the stream.
 */
export async function sendEvents(
  response: ServerResponse,
  events: AsyncIterable<ServerSentEvent>,
  { signal, heartbeatMs, log, at }: StreamSetting,
): Promise<void> {
  const iterator = events[Symbol.asyncIterator]();
  const opening = setTimeout(() => open(response), UNDECIDED_MS);
  const heartbeat = setInterval(() => beat(response), heartbeatMs);
  try {
    for (;;) {
      const event = await nextEvent(iterator, signal);
      clearTimeout(opening);
      open(response);
      if (event === undefined) break;
      if (!response.write(formatted(event))) await drained(response, signal);
    }
  } catch (error) {
    if (!response.headersSent) throw error;
    log.error({ err: error }, 'a stream of events failed');
    response.write(formatted({ event: 'problem', data: problemAnswer(understood(error), at).body }));
  } finally {
    clearTimeout(opening);
    clearInterval(heartbeat);
    close(iterator, log);
  }
  response.end();
}

function close(iterator: AsyncIterator<ServerSentEvent>, log: Log): void {
  void iterator
    .return?.()
    .catch((error: unknown) => log.error({ err: error }, 'a stream of events could not be closed'));
}

/** Undefined at the end of the events, and at once when the signal is aborted, whatever the events are waiting for. */
function nextEvent(
  iterator: AsyncIterator<ServerSentEvent>,
  signal: AbortSignal,
): Promise<ServerSentEvent | undefined> {
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve(undefined);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    iterator
      .next()
      .then(({ done, value }) => resolve(done === true ? undefined : value), reject)
      .finally(() => signal.removeEventListener('abort', stop));
  });
}

/** One event as text. JSON has no line breaks, so neither has the data. */
export function formatted({ id, event, data }: ServerSentEvent): string {
  if (/[\r\n\0]/.test(event + (id ?? '')))
    throw new Error(`The event ${JSON.stringify(event)} has a line break in its name or id.`);
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

function open(response: ServerResponse): void {
  if (response.headersSent) return;
  setSecurityHeaders(response);
  response.writeHead(200, { 'content-type': EVENT_STREAM, 'x-accel-buffering': 'no' });
  response.flushHeaders();
}

function beat(response: ServerResponse): void {
  if (response.headersSent && !response.writableNeedDrain) response.write(': still here\n\n');
}

async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  await once(response, 'drain', { signal }).catch(() => undefined);
}
