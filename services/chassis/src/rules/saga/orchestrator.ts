import { type Decided, type Decision, decided, type Effect, ignored, rejected } from '../decision.ts';
import { Terminal } from '../failure.ts';
import { callOf, type SagaDefinition, type Sagas, type StepAnswer, type Tried } from './definition.ts';
import { isEnded, type SagaCause, type SagaLog } from './log.ts';
import { sagaEnded, sagaNotFound, sagaNotStarted, sagaNotStuck } from './messages.ts';
import { Transition } from './transition.ts';

/** Where a subject keeps the log of its saga. */
export interface LogAccess<S> {
  /** Undefined: it has no orchestrator. */
  logOf(subject: S | undefined): SagaLog | undefined;
  withLog(subject: S, log: SagaLog): S;
}

/**
 * Orchestrates sagas: pure rules over a subject and its log. The new log and what is asked next are stored in one
 * transaction: after a crash the log says what is to be done, and a task does it, in whichever process.
 */
export class Orchestrator<S> {
  readonly #sagas: Sagas<S>;
  readonly #place: LogAccess<S>;

  constructor(sagas: Sagas<S>, place: LogAccess<S>) {
    this.#sagas = sagas;
    this.#place = place;
  }

  /** Begins the current table's saga for a subject. */
  begin(subject: S, { id, context, now }: Beginning): Decided<S> {
    const { current } = this.#sagas;
    const log: SagaLog = {
      id,
      definition: current.name,
      version: current.version,
      status: 'STARTED',
      context,
      rounds: 0,
      startedAt: now,
      steps: current.steps.map(({ name }) => ({ name, status: 'PENDING', attempts: 0 })),
    };
    return this.#decided(new Transition(current, { subject, log, now }).forward(0));
  }

  answered(subject: S | undefined, { call, answer, now }: Answered): Decision<S> {
    const at = this.#under(subject, now);
    if (at === undefined) return ignored('it has no orchestrator');
    const { definition, log, transition } = at;
    const forwards = definition.steps.findIndex(({ action }) => callOf(action)?.messageName === call);
    if (forwards >= 0) {
      if (log.status !== 'STARTED' || log.steps[forwards]?.status !== 'RUNNING') return ignored(TOO_LATE);
      return this.#decided(transition.answered(forwards, answer));
    }
    const back = definition.steps.findIndex(({ compensation }) => callOf(compensation)?.messageName === call);
    if (log.steps[back]?.compensation?.status !== 'RUNNING') return ignored(TOO_LATE);
    return this.#decided(transition.undone(back, answer));
  }

  /** The clock went off: a step has taken too long, a wait is over, or what failed is tried again. */
  clock(subject: S | undefined, now: Date): Decision<S> {
    const at = this.#under(subject, now);
    if (at === undefined || isEnded(at.log)) return ignored('the saga has ended');
    const { log, transition } = at;
    if (log.status === 'COMPENSATION_FAILED') return this.#decided(transition.retryFailed());
    const under = underWay(log);
    if (under === undefined) return ignored('nothing is under way');
    const { index, waits, back } = under;
    if (waits) return this.#decided(transition.again(index));
    const late = `${log.steps[index]?.name} had no answer in time.`;
    return this.#decided(back ? transition.undoneGivenUp(index, late) : transition.givenUp(index, late));
  }

  /** Something was heard that may have ended a wait, or made a failed compensation good: asks again. */
  wake(subject: S | undefined, now: Date): Decision<S> {
    const at = this.#under(subject, now);
    if (at === undefined) return ignored('it has no orchestrator');
    const { transition } = at;
    if (at.log.status === 'COMPENSATION_FAILED') return this.#decided(transition.retryFailed());
    const under = underWay(at.log);
    if (under?.waits) return this.#decided(transition.again(under.index));
    return ignored('it has an orchestrator, who has asked for it over HTTP');
  }

  /** Turns a saga back that nothing has turned back yet. */
  turnBack(subject: S | undefined, cause: SagaCause, now: Date): Decision<S> {
    const at = this.#under(subject, now);
    if (at?.log.status !== 'STARTED') return ignored('the saga has ended, or is being compensated already');
    return this.#decided(at.transition.back(cause));
  }

  /** Asks again at once for what is under way or was refused. */
  retry(subject: S | undefined, sagaId: string, now: Date) {
    const at = this.#under(subject, now);
    if (at === undefined) return rejected(sagaNotFound(sagaId));
    if (isEnded(at.log)) return rejected(sagaEnded(at.log));
    const { transition } = at;
    const under = underWay(at.log);
    return this.#decided(under === undefined ? transition.retryFailed() : transition.again(under.index));
  }

  compensate(subject: S | undefined, { sagaId, reason }: { sagaId: string; reason: string }, now: Date) {
    const at = this.#under(subject, now);
    if (at === undefined) return rejected(sagaNotFound(sagaId));
    if (isEnded(at.log)) return rejected(sagaEnded(at.log));
    if (at.log.status !== 'STARTED') return rejected(sagaNotStarted(at.log));
    return this.#decided(at.transition.back({ code: 'OPERATOR', detail: reason }));
  }

  /** Takes what could not be undone as settled, because a person has settled it. */
  resolve(subject: S | undefined, { sagaId, reason }: { sagaId: string; reason: string }, now: Date) {
    const at = this.#under(subject, now);
    if (at === undefined) return rejected(sagaNotFound(sagaId));
    if (isEnded(at.log)) return rejected(sagaEnded(at.log));
    if (at.log.status !== 'COMPENSATION_FAILED') return rejected(sagaNotStuck(at.log));
    return this.#decided(at.transition.resolveFailed(reason));
  }

  /** @throws Terminal SAGA_TABLE_UNKNOWN when this process has no table of that version: it never guesses. */
  #under(subject: S | undefined, now: Date): UnderLog<S> | undefined {
    const log = this.#place.logOf(subject);
    if (log === undefined || subject === undefined) return undefined;
    const definition = this.#sagas.all.find(({ name, version }) => name === log.definition && version === log.version);
    if (definition === undefined) throw tableUnknown(log);
    return { definition, log, transition: new Transition(definition, { subject, log, now }) };
  }

  #decided(transition: Transition<S>): Decided<S> {
    const { subject, log, effects } = transition.result();
    return decided<S, readonly Effect[]>(this.#place.withLog(subject, log), ...effects);
  }
}

export interface Beginning {
  readonly id: string;
  readonly context: Readonly<Record<string, unknown>>;
  readonly now: Date;
}

export interface Answered {
  readonly call: string;
  readonly answer: Tried<StepAnswer>;
  readonly now: Date;
}

const TOO_LATE = 'the answer came too late: the orchestrator has gone on without it';

interface UnderLog<S> {
  readonly definition: SagaDefinition<S>;
  readonly log: SagaLog;
  readonly transition: Transition<S>;
}

interface UnderWay {
  readonly index: number;
  /** A participant has said that it, or a person, takes a while. */
  readonly waits: boolean;
  readonly back: boolean;
}

/** At most one thing is: steps and compensations go one after the other. */
function underWay({ steps }: SagaLog): UnderWay | undefined {
  for (const [index, { compensation, ...step }] of steps.entries()) {
    const { status } = compensation ?? step;
    if (status === 'RUNNING' || status === 'WAITING') {
      return { index, back: compensation !== undefined, waits: status === 'WAITING' };
    }
  }
  return undefined;
}

function tableUnknown({ id, definition, version }: SagaLog): Terminal {
  return new Terminal(
    'SAGA_TABLE_UNKNOWN',
    `Saga ${id} was begun under version ${version} of ${definition}, which this process does not have: ` +
      'keep the older table in sagas(current, ...older) until none of its sagas is left.',
  );
}
