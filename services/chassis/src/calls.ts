import type { Context } from '@opentelemetry/api';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
} from 'cockatiel';
import type { Readiness } from './readiness.ts';
import type { Port } from './service.ts';
import type { TaskRow } from './store/tasks.ts';
import { withinTime } from './time-out.ts';
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

/** A port behind its time-out and circuit breaker. */
interface Circuit {
  readonly port: Port<unknown, unknown>;
  readonly breaker: CircuitBreakerPolicy;
  /** Of an open circuit, when the next call may try the other side, by the clock that cockatiel goes by. */
  triesAt: number;
  /** What the last failed call failed of. */
  failure: string;
}

/** Performs the calls of one service, each kind behind its own time-out and circuit breaker. */
export class Calls {
  readonly #circuits: ReadonlyMap<string, Circuit>;

  constructor(ports: readonly Port<never, unknown>[], readiness: Readiness) {
    this.#circuits = new Map(
      ports.map((port) => [port.call.messageName, this.#circuitOf(port as Port<unknown, unknown>, readiness)]),
    );
  }

  /** Names of the calls that would fail now without reaching the other side, or wait for the one that tries it. */
  get resting(): readonly string[] {
    return [...this.#circuits].flatMap(([name, { breaker, triesAt }]) => {
      const isTried = breaker.state === CircuitState.HalfOpen;
      return isTried || (breaker.state === CircuitState.Open && Date.now() < triesAt) ? [name] : [];
    });
  }

  /** Whether the next call of some name may try a side that had not answered: one is enough. */
  get mayTry(): boolean {
    const circuits = [...this.#circuits.values()];
    return circuits.some(({ breaker, triesAt }) => breaker.state === CircuitState.Open && Date.now() >= triesAt);
  }

  /** Whether a call waits for the other side, and not for a time of its own: it may be due as soon as that answers. */
  waitsForAnswers(name: string, error: unknown): boolean {
    return error instanceof BrokenCircuitError || this.resting.includes(name);
  }

  /** Performs one attempt. Rejects when there was no answer: the call may or may not have had its effect. */
  async perform(task: TaskRow): Promise<CallAnswer> {
    const found = this.#circuits.get(task.name);
    if (found === undefined) throw new Error(`no port performs ${task.name}: add one to the service's ports`);
    const parent = contextOf(task.trace);
    const attributes = { 'troupe.call.key': task.key, 'troupe.call.attempt': task.attempts };
    const span = tracer().startSpan(task.name, { kind: SpanKind.CLIENT, attributes }, parent);
    try {
      const outcome = await found.breaker.execute(() =>
        withinTime(TIMEOUT_MS, (signal) =>
          found.port.perform(task.data, {
            idempotencyKey: `${task.name}/${task.key}`,
            attempt: task.attempts,
            signal,
            headers: { ...traceHeaders(span.spanContext()) },
          }),
        ),
      );
      return { outcome, context: trace.setSpan(parent, span) };
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) });
      throw error;
    } finally {
      span.end();
    }
  }

  #circuitOf(port: Port<unknown, unknown>, readiness: Readiness): Circuit {
    const name = port.call.messageName;
    const breaker = circuitBreaker(handleAll, {
      halfOpenAfter: HALF_OPEN_AFTER_MS,
      breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
    });
    const circuit: Circuit = { port, breaker, triesAt: 0, failure: '' };
    breaker.onFailure(({ reason }) => {
      circuit.failure = 'error' in reason ? reason.error.message : '';
    });
    breaker.onStateChange((state) => {
      if (state === CircuitState.Open) circuit.triesAt = Date.now() + HALF_OPEN_AFTER_MS;
      if (state === CircuitState.Open) readiness.notOk(name, noAnswer(name, circuit.failure));
      else if (state === CircuitState.Closed) readiness.ok(name);
    });
    return circuit;
  }
}

const noAnswer = (name: string, failure: string): string =>
  `${FAILURES_TO_OPEN} calls of ${name} in a row had no answer (${failure}); waiting, and trying again every few seconds.`;
