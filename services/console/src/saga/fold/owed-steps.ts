import type { Step, StepState } from '../../contract/saga.ts';
import type { Owing } from '../owed/owing.ts';
import { owingsAfter } from '../owed/owings.ts';
import { type Said, toldBy } from '../owed/said.ts';
import type { Look } from './look.ts';

/** The most steps that are expected after those that are owed now. A choreography that goes in circles ends here. */
const MOST = 24;

/** What is owed now, and what is expected after it when each of them answers with the first that it may. */
export function stepsOwed(look: Look): readonly Step[] {
  const owed = look.owings.map((owing) => stepOwed(owing, stateOf(owing, look), look));
  return [...owed.filter(({ state }) => state !== 'skipped'), ...expectedAfter(look)];
}

export const owedId = ({ service, on }: Pick<Owing, 'service' | 'on'>): string => `owed/${service}/${on.id}`;

function stepOwed(owing: Owing, state: StepState, { told }: Look): Step {
  const { service, hears, on, oneOf, withinMs, dueAt, undoes, nobodyWaits } = owing;
  const isAssumed = told.byId(on.id) === undefined;
  return {
    id: owedId(owing),
    service,
    event: oneOf[0] ?? hears,
    state,
    at: null,
    dueAt: isAssumed || dueAt === null ? null : new Date(dueAt).toISOString(),
    hears,
    hearsId: isAssumed ? null : on.id,
    after: on.id,
    oneOf,
    withinMs,
    tookMs: null,
    eventId: null,
    undoes: undoes?.id ?? null,
    undoneBy: null,
    nobodyWaits,
    fact: '',
  };
}

function stateOf(owing: Owing, look: Look): StepState {
  const { service, on, dueAt, isBack, kind, isSure } = owing;
  const reading = look.readings.find((one) => one.service === service && one.eventId === on.id);
  const calls = look.work.filter((work) => work.kind === 'call' && work.service === (owing.orchestrator ?? service));
  const isWorking = calls.some(({ name, causationId }) => owing.calls.includes(name) || causationId === on.id);
  if (kind === 'answer') {
    if (reading?.state === 'dead') return 'dead';
    if (reading?.state === 'parked') return 'parked';
    // The saga has failed meanwhile, and this reader has left it at that.
    const isOver = reading?.state === 'ignored' || (reading?.state === 'noted' && !isWorking);
    if (!isSure && isOver) return 'skipped';
  }
  if (kind === 'undo again') return calls.length > 0 ? 'undo-running' : dueAt === null ? 'person' : 'undo-expected';
  if (kind === 'decision') return isSure ? (calls.length > 0 ? 'running' : 'person') : 'skipped';
  if (dueAt !== null && dueAt < look.now) return 'overdue';
  if (isWorking || kind === 'step') return isBack ? 'undo-running' : 'running';
  return isBack ? 'undo-expected' : 'expected';
}

/** Each owed step is assumed to be said, one after the other, and what is owed then is expected. */
function expectedAfter(look: Look): readonly Step[] {
  const { protocol } = look;
  const all: Said[] = [...look.told.all];
  const steps: Step[] = [];
  const seen = new Set<string>();
  for (let count = 0; count < MOST; count++) {
    const owings = owingsAfter(toldBy(all, protocol.begins), protocol).filter(({ isSure }) => isSure);
    const next = owings.find((owing) => !seen.has(owedId(owing)));
    if (next === undefined) break;
    seen.add(owedId(next));
    if (look.told.byId(next.on.id) === undefined) {
      steps.push(stepOwed(next, next.isBack ? 'undo-expected' : 'expected', look));
    }
    const { service, oneOf, on } = next;
    const [type = ''] = oneOf;
    all.push({ id: owedId(next), type, service, at: Math.max(look.now, on.at), causeId: on.id, payload: {} });
  }
  return steps;
}
