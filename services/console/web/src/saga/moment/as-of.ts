import type { Choreography } from '@troupe/choreography/graph';
import type { Ledger, SagaDetail, Step, StepState } from '../../../../src/contract/index.ts';
import { foldThen, logThen } from './fold-then.ts';

/** What a step said later was, at a moment before it. */
const BEFORE: Partial<Record<StepState, StepState>> = {
  'undo-done': 'undo-expected',
  'undo-running': 'undo-expected',
  'undo-failed': 'undo-expected',
};

/**
 * The saga as it was at a past moment. With the map the rules tell what was owed then; until the map is here, and for tests, what
 * came later counts as what was expected.
 */
export const asOf = (detail: SagaDetail, at: number, choreography: Choreography | null = null): SagaDetail =>
  choreography === null ? cutAt(detail, at) : foldThen(detail, choreography, at);

/** What came later has not happened. What nobody wrote down by time, such as how a service stood, is left out. */
function cutAt(detail: SagaDetail, at: number): SagaDetail {
  const isPast = (moment: string | null): boolean => moment !== null && Date.parse(moment) <= at;
  const events = detail.events.filter((event) => isPast(event.at));
  const known = new Set(events.map((event) => event.id));
  const saidThen = new Set(detail.steps.filter((step) => isPast(step.at)).map((step) => step.id));
  const steps = detail.steps
    .filter((step) => saidThen.has(step.id) || step.eventId === null || isOwedThen(step, detail, saidThen))
    .map((step): Step => {
      if (saidThen.has(step.id)) {
        const isUndone = step.undoneBy !== null && saidThen.has(step.undoneBy);
        return step.state === 'undone' && !isUndone ? { ...step, state: 'done', undoneBy: null } : step;
      }
      const state: StepState =
        step.eventId === null && step.state !== 'skipped' ? waitingThen(step, at) : (BEFORE[step.state] ?? 'expected');
      return { ...step, state, at: null, tookMs: null, eventId: null, fact: step.eventId === null ? step.fact : '' };
    });
  const readings = detail.readings
    .filter((reading) => known.has(reading.eventId))
    .map((reading) => {
      const answered = reading.caused.some((id) => known.has(id));
      if (answered || (reading.state !== 'answered' && isPast(reading.at))) {
        return { ...reading, duplicates: reading.duplicates.filter(isPast) };
      }
      const seams = { ...reading.seams, handlerMs: null };
      return {
        ...reading,
        state: 'waiting' as const,
        at: null,
        reason: null,
        caused: [],
        seams,
        duplicates: reading.duplicates.filter(isPast),
      };
    });
  const hasEnded = isPast(detail.endedAt);
  return {
    ...detail,
    state: hasEnded ? detail.state : 'running',
    outcome: hasEnded ? detail.outcome : null,
    endedAt: hasEnded ? detail.endedAt : null,
    diagnosis: null,
    summary: hasEnded ? detail.summary : null,
    now: new Date(at).toISOString(),
    events,
    steps,
    readings,
    work: detail.work.filter((work) => isPast(work.since)),
    setAside: detail.setAside.filter((letter) => isPast(letter.since)),
    ledger: hasEnded ? detail.ledger : { ...detail.ledger, ...UNTOLD },
    log: detail.log === null ? null : logThen(detail.log, at),
  };
}

/** Money and stock of a moment are told by the rules of the shop, which need the map. */
const UNTOLD: Omit<Ledger, 'wanted'> = {
  charged: null,
  refunded: null,
  held: null,
  reserved: null,
  released: null,
  shipped: null,
  verdict: { tone: 'running', text: 'On its way at this moment.' },
};

/** Of what came later: what follows from what had been said by then. Beyond a turn nobody knew. */
function isOwedThen(step: Step, detail: SagaDetail, saidThen: ReadonlySet<string>): boolean {
  if (step.state === 'unexpected') {
    return false;
  }
  let cause = detail.steps.find((other) => other.id === step.after);
  for (let depth = 0; cause !== undefined && depth < 40; depth++) {
    if (saidThen.has(cause.id)) {
      return true;
    }
    if (cause.state === 'refused') {
      return false;
    }
    const before = cause.after;
    cause = detail.steps.find((other) => other.id === before);
  }
  return false;
}

const waitingThen = (step: Step, at: number): StepState =>
  step.dueAt !== null && Date.parse(step.dueAt) < at ? step.state : step.state === 'overdue' ? 'expected' : step.state;
