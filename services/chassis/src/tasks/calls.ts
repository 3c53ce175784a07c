import type { Context } from '@opentelemetry/api';
import { type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  BrokenCircuitError,
  type BulkheadPolicy,
  BulkheadRejectedError,
  bulkhead,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  type IDefaultPolicyContext,
  type IPolicy,
  wrap,
} from 'cockatiel';
import type { CallContext, Port } from '../ports/port.ts';
import type { Readiness } from '../process/readiness.ts';
import { withinTime } from '../process/time-out.ts';
import { Refused } from '../rules/refused.ts';
import type { TaskRow } from '../tables/tasks.ts';
import { counter, gauge } from '../telemetry/metrics.ts';
import { contextOf, traceHeaders, tracer } from '../telemetry/trace-context.ts';
import { RecentDurations } from './recent-durations.ts';

/** Shorter than the lease of a task, so that a call has ended before another process may repeat it. */
const TIMEOUT_MS = 10_000;
/** So many failures in a row open the circuit: calls then fail at once, without reaching the other side. */
const FAILURES_TO_OPEN = 10;
const HALF_OPEN_AFTER_MS = 5_000;
/** So many calls of one participant at once: one that hangs cannot take the places of all others. */
const AT_ONCE = 128;
/** So many more wait here for a place: those begun by a batch and by a look at the table at the same moment. */
const QUEUED = AT_ONCE;

/** What a call came back with, and the context in which it was made: the parent of what its outcome causes. */
export interface CallAnswer {
  readonly outcome: unknown;
  /** What the outcome was made of when the outside refused for good. */
  readonly refusal?: Refused;
  readonly context: Context;
}

/** Room for calls, counted down as it is taken. */
export interface CallCapacity {
  /** Takes a place for a call of this name; false when there is none. */
  take(name: string): boolean;
}

/** Every call waits until it is found in the table. */
export const noCapacity: CallCapacity = { take: () => false };

/** What stands between this service and one participant. */
interface Circuit {
  readonly name: string;
  readonly breaker: CircuitBreakerPolicy;
  readonly bulkhead: BulkheadPolicy;
  readonly policy: IPolicy<IDefaultPolicyContext>;
  /** Of an open circuit, when the next call may try the other side, by the clock that cockatiel goes by. */
  triesAt: number;
  /** What the last failed call failed of. */
  failure: string;
  /** When it was last opened, tried or closed. */
  since: Date;
  /** How long the other side took for its answers. */
  readonly answered: RecentDurations;
}

/** How a circuit stands, for operators. */
export interface CircuitStanding {
  readonly name: string;
  readonly state: 'closed' | 'open' | 'half-open';
  readonly since: Date;
  /** Of an open circuit. */
  readonly nextTryAt: Date | null;
  /** What the last call without an answer failed of; null once one was answered. */
  readonly lastError: string | null;
  /** Median of the last minute; null without answers. */
  readonly p50Ms: number | null;
}

interface Line {
  readonly port: Port<unknown, unknown>;
  readonly circuit: Circuit;
}

const open = gauge({
  name: 'troupe_circuit_open',
  help: 'Whether the circuit to a participant is open: 1 while its calls fail at once, or one of them tries it.',
  label: 'participant',
});

const refusals = counter({
  name: 'troupe_calls_refused_total',
  help: 'Calls that the outside has refused for good, by call and status of the answer.',
  labels: ['call', 'status'],
});

/** Performs the calls of one service, each participant behind its own time-out, bulkhead and circuit breaker. */
export class Calls {
  readonly #lines: ReadonlyMap<string, Line>;

  constructor(ports: readonly Port<never, unknown>[], readiness: Readiness) {
    const circuits = new Map<string, Circuit>();
    const circuitOf = (name: string): Circuit => {
      const circuit = circuits.get(name) ?? newCircuit(name, readiness);
      circuits.set(name, circuit);
      return circuit;
    };
    this.#lines = new Map(
      (ports as readonly Port<unknown, unknown>[]).map((port) => {
        const { messageName } = port.call;
        return [messageName, { port, circuit: circuitOf(port.participant ?? messageName) }];
      }),
    );
  }

  /** Names of the calls that would fail now without reaching the other side, or wait for a place or the one that tries it. */
  get resting(): readonly string[] {
    return [...this.#lines].flatMap(([name, { circuit }]) => (rests(circuit) ? [name] : []));
  }

  /** How many calls can be begun now, whichever names they have but those that rest. */
  get room(): number {
    const circuits = [...this.#lines.values()].map(({ circuit }) => circuit).filter((circuit) => !rests(circuit));
    return Math.min(...circuits.map(({ bulkhead }) => bulkhead.executionSlots));
  }

  /** Whether some participant has no free place: its calls rest, and nobody knows how many of them are due. */
  get isFull(): boolean {
    return [...this.#lines.values()].some(({ circuit }) => circuit.bulkhead.executionSlots === 0);
  }

  /** The places that are free now, at each participant. */
  capacity(): CallCapacity {
    const left = new Map<Circuit, number>();
    return {
      take: (name) => {
        const circuit = this.#lines.get(name)?.circuit;
        // Let it begin: that there is no port for it is told when it is performed.
        if (circuit === undefined) return true;
        const free = left.get(circuit) ?? (rests(circuit) ? 0 : circuit.bulkhead.executionSlots);
        left.set(circuit, Math.max(0, free - 1));
        return free > 0;
      },
    };
  }

  /** Each circuit once, by participant. */
  get circuits(): readonly CircuitStanding[] {
    return [...new Set([...this.#lines.values()].map(({ circuit }) => circuit))].map(standingOf);
  }

  /** Whether the next call of some name may try a side that had not answered: one is enough. */
  get mayTry(): boolean {
    const lines = [...this.#lines.values()];
    return lines.some(
      ({ circuit: { breaker, triesAt } }) => breaker.state === CircuitState.Open && Date.now() >= triesAt,
    );
  }

  /** Whether a call waits for the other side, and not for a time of its own: it may be due as soon as that answers. */
  waitsForAnswers(name: string, error: unknown): boolean {
    const notMade = error instanceof BrokenCircuitError || error instanceof BulkheadRejectedError;
    return notMade || this.resting.includes(name);
  }

  /**
   * Performs one attempt. Rejects when there was no answer: the call may or may not have had its effect. Nothing else counts
   * for the circuit: who refuses has answered.
   */
  async perform(task: TaskRow): Promise<CallAnswer> {
    const found = this.#lines.get(task.name);
    if (found === undefined) throw new Error(`no port performs ${task.name}: add one to the service's ports`);
    const parent = contextOf(task.trace);
    const attributes = { 'troupe.call.key': task.key, 'troupe.call.attempt': task.attempts };
    const span = tracer().startSpan(task.name, { kind: SpanKind.CLIENT, attributes }, parent);
    try {
      const answer = await found.circuit.policy.execute(() =>
        withinTime(TIMEOUT_MS, (signal) =>
          answerOf(
            found.port,
            task,
            {
              idempotencyKey: `${task.name}/${task.key}`,
              causationId: task.causationId,
              depth: task.depth,
              attempt: task.attempts,
              signal,
              headers: { ...traceHeaders(span.spanContext()) },
            },
            span,
          ),
        ),
      );
      return { ...answer, context: trace.setSpan(parent, span) };
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) });
      throw error;
    } finally {
      span.end();
    }
  }
}

/** What one attempt comes to, also when it is refused for good. */
async function answerOf(port: Port<unknown, unknown>, task: TaskRow, context: CallContext, span: Span) {
  const answer = await port.perform(task.data, context);
  if (!(answer instanceof Refused)) return { outcome: answer };
  refusals.inc({ call: task.name, status: answer.status ?? 'none' });
  span.setAttributes({ 'troupe.call.refused': answer.code, 'troupe.call.refusal': answer.detail });
  return { outcome: port.refused(answer, task), refusal: answer };
}

function newCircuit(name: string, readiness: Readiness): Circuit {
  const breaker = circuitBreaker(
    handleWhen((error) => !(error instanceof BulkheadRejectedError)),
    {
      halfOpenAfter: HALF_OPEN_AFTER_MS,
      breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
    },
  );
  const atOnce = bulkhead(AT_ONCE, QUEUED);
  const policy = wrap(breaker, atOnce);
  const circuit: Circuit = {
    name,
    breaker,
    bulkhead: atOnce,
    policy,
    triesAt: 0,
    failure: '',
    since: new Date(),
    answered: new RecentDurations(),
  };
  open.set(name, 0);
  breaker.onFailure(({ reason }) => {
    circuit.failure = 'error' in reason ? reason.error.message : '';
  });
  breaker.onSuccess(({ duration }) => {
    circuit.failure = '';
    circuit.answered.add(duration);
  });
  breaker.onStateChange((state) => {
    circuit.since = new Date();
    open.set(name, state === CircuitState.Closed ? 0 : 1);
    if (state === CircuitState.Open) circuit.triesAt = Date.now() + HALF_OPEN_AFTER_MS;
    if (state === CircuitState.Open) readiness.notOk(name, noAnswer(name, circuit.failure));
    else if (state === CircuitState.Closed) readiness.ok(name);
  });
  return circuit;
}

const STATES: Readonly<Record<CircuitState, CircuitStanding['state']>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Isolated]: 'open',
};

function standingOf({ name, breaker, since, triesAt, failure, answered }: Circuit): CircuitStanding {
  const isOpen = breaker.state === CircuitState.Open;
  return {
    name,
    state: STATES[breaker.state],
    since,
    nextTryAt: isOpen ? new Date(triesAt) : null,
    lastError: failure === '' ? null : failure,
    p50Ms: answered.median(),
  };
}

function rests({ breaker, triesAt, bulkhead }: Circuit): boolean {
  const isTried = breaker.state === CircuitState.HalfOpen;
  return isTried || bulkhead.executionSlots === 0 || (breaker.state === CircuitState.Open && Date.now() < triesAt);
}

const noAnswer = (name: string, failure: string): string =>
  `${FAILURES_TO_OPEN} calls of ${name} in a row had no answer (${failure}); waiting, and trying again every few seconds.`;
