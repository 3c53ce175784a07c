import type { Context } from '@opentelemetry/api';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import type { Readiness } from './readiness.ts';
import type { Port } from './service.ts';
import type { TaskRow } from './store/tasks.ts';
import { contextOf, traceHeaders, tracer } from './trace-context.ts';

/** Shorter than the lease of a task, so that a call has ended before another process may repeat it. */
const TIMEOUT_MS = 10_000;
/** So many failures in a row open the circuit: calls then fail at once, without reaching the other side. */
const FAILURES_TO_OPEN = 10;
const HALF_OPEN_AFTER_MS = 5_000;

/** What a call came back with, and the context in which it was made: the parent of what its outcome causes. */
export interface CallAnswer {
  readonly outcome: unknown;
  readonly context: Context;
}

/** Performs the calls of one service, each kind behind its own time-out and circuit breaker. */
export class Calls {
  readonly #ports: ReadonlyMap<string, { port: Port<unknown, unknown>; policy: ReturnType<typeof policyFor> }>;

  constructor(ports: readonly Port<never, unknown>[], readiness: Readiness) {
    this.#ports = new Map(
      ports.map((port) => [
        port.call.messageName,
        { port: port as Port<unknown, unknown>, policy: policyFor(port.call.messageName, readiness) },
      ]),
    );
  }

  /** Performs one attempt. Rejects when there was no answer: the call may or may not have had its effect. */
  async perform(task: TaskRow): Promise<CallAnswer> {
    const found = this.#ports.get(task.name);
    if (found === undefined) throw new Error(`no port performs ${task.name}: add one to the service's ports`);
    const parent = contextOf(task.trace);
    const attributes = { 'troupe.call.key': task.key, 'troupe.call.attempt': task.attempts };
    const span = tracer().startSpan(task.name, { kind: SpanKind.CLIENT, attributes }, parent);
    try {
      const outcome = await found.policy.execute(({ signal }) =>
        found.port.perform(task.data, {
          idempotencyKey: `${task.name}/${task.key}`,
          attempt: task.attempts,
          signal,
          headers: { ...traceHeaders(span.spanContext()) },
        }),
      );
      return { outcome, context: trace.setSpan(parent, span) };
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) });
      throw error;
    } finally {
      span.end();
    }
  }
}

function policyFor(name: string, readiness: Readiness) {
  const breaker: CircuitBreakerPolicy = circuitBreaker(handleAll, {
    halfOpenAfter: HALF_OPEN_AFTER_MS,
    breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
  });
  breaker.onStateChange((state) => {
    if (state === CircuitState.Closed) readiness.ok(name);
    else if (state === CircuitState.Open) {
      readiness.notOk(
        name,
        `${FAILURES_TO_OPEN} calls in a row had no answer; waiting, and trying again every few seconds.`,
      );
    }
  });
  return wrap(breaker, timeout(TIMEOUT_MS, TimeoutStrategy.Aggressive));
}
