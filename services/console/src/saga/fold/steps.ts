import type { SagaEvent } from '../../contract/event.ts';
import type { Step, StepState } from '../../contract/saga.ts';
import { isDeclared } from '../owed/declared.ts';
import { isRefusal, outcomeOf, turnOf } from '../owed/outcome.ts';
import type { Said } from '../owed/said.ts';
import { factOf } from '../shop/facts.ts';
import { isByDeadline } from '../shop/order.ts';
import type { Look } from './look.ts';

/** What was said, as steps: what each event answers, and what it came to. */
export function stepsSaid(look: Look): readonly Step[] {
  return look.events.flatMap((event) => {
    const said = look.told.byId(event.id);
    return said === undefined ? [] : [stepSaid(event, said, look)];
  });
}

function stepSaid(event: SagaEvent, said: Said, look: Look): Step {
  const { told, protocol } = look;
  const { hears, oneOf, withinMs, nobodyWaits, from } = answered(said, look);
  const cause = told.byId(said.causeId);
  const undo = told.of(protocol.undoOf.get(said.type) ?? '') ?? (said === told.root ? failedBy(look) : undefined);
  const overcome = told.of(protocol.failedUndos.get(said.type)?.undo ?? '');
  const effect = undoneBy(said, look);
  return {
    id: said.id,
    service: said.service,
    event: said.type,
    state: stateOf(said, look),
    at: event.at,
    dueAt: from === null || withinMs === null ? null : new Date(from + withinMs).toISOString(),
    hears,
    hearsId: cause?.id ?? null,
    after: cause?.id ?? before(said, look)?.id ?? null,
    oneOf: oneOf.length === 0 ? [said.type] : oneOf,
    withinMs,
    tookMs: from === null ? null : Math.max(0, said.at - from),
    eventId: said.id,
    undoes: effect?.id ?? null,
    undoneBy: undo?.id ?? overcome?.id ?? null,
    nobodyWaits,
    fact: factOf(said.type, said.payload),
  };
}

const failedBy = ({ told, protocol }: Look): Said | undefined => {
  const outcome = outcomeOf(told, protocol);
  return outcome?.ends === 'failure' ? outcome.by : undefined;
};

/** What it undoes: the effect, or as a failing end the first event, unless it was the end that turned the path back. */
function undoneBy(said: Said, { told, protocol }: Look): Said | undefined {
  const effect = protocol.effectOf.get(said.type);
  if (effect !== undefined) return told.of(effect);
  const isEnd = protocol.event(said.type)?.ends === 'failure';
  return isEnd && turnOf(told, protocol) !== said ? told.root : undefined;
}

function stateOf(said: Said, { told, protocol, events }: Look): StepState {
  const { type } = said;
  if (!isDeclared(said, told, protocol)) return 'unexpected';
  if (protocol.effectOf.has(type)) return 'undo-done';
  const failed = protocol.failedUndos.get(type);
  if (failed !== undefined) return told.has(failed.undo) ? 'undone' : 'undo-failed';
  const undo = protocol.undoOf.get(type);
  if (undo !== undefined) return told.has(undo) ? 'undone' : 'done';
  const outcome = outcomeOf(told, protocol);
  if (protocol.event(type)?.ends === 'failure') return turnOf(told, protocol) === said ? 'refused' : 'undo-done';
  if (said === told.root) return outcome?.ends === 'failure' ? 'undone' : 'done';
  if (protocol.askings.has(type)) return isDecided(said, { told, protocol, events }) ? 'done' : 'person';
  if (!isRefusal(said, told, protocol)) return 'done';
  // A no that answers an undo is part of the way back.
  const turn = turnOf(told, protocol);
  const isAnswerToUndo = protocol
    .duties(told.byId(said.causeId)?.type ?? '')
    .some(({ service, undoes }) => service === said.service && undoes !== null);
  return isAnswerToUndo && turn !== said ? 'undo-done' : 'refused';
}

function isDecided(said: Said, { told, protocol }: Pick<Look, 'told' | 'protocol' | 'events'>): boolean {
  const asking = protocol.askings.get(said.type);
  if (asking === undefined) return false;
  const { service, mayCause } = asking;
  return told.all.some((other) => other.service === service && mayCause.has(other.type));
}

interface Answered {
  readonly hears: string | null;
  readonly oneOf: readonly string[];
  readonly withinMs: number | null;
  readonly nobodyWaits: boolean;
  /** From when its time counts. */
  readonly from: number | null;
}

/** To what it is the answer: to an event that its service hears, to an orchestrator's step, or to a person or a timer. */
function answered(said: Said, look: Look): Answered {
  const { told, protocol, input } = look;
  const cause = told.byId(said.causeId);
  if (said === told.root) return { hears: null, oneOf: [], withinMs: null, nobodyWaits: false, from: null };
  const duty = protocol
    .duties(cause?.type ?? '')
    .find(({ service, mayCause }) => service === said.service && mayCause.has(said.type));
  if (cause !== undefined && duty !== undefined) {
    const isDirect = duty.oneOf.includes(said.type);
    const { oneOf, withinMs, nobodyWaits } = duty;
    return { hears: cause.type, oneOf: isDirect ? oneOf : [], withinMs, nobodyWaits, from: cause.at };
  }
  const logged = input.log?.steps.flatMap((step) => [step, ...(step.compensation ? [step.compensation] : [])]);
  const step = logged?.find(({ id }) => id === said.causeId);
  const declared = protocol.steps
    .flatMap(({ undo, ...forth }) => [forth, ...(undo === null ? [] : [undo])])
    .find(({ name, service, mayCause }) =>
      step === undefined ? service === said.service && mayCause.has(said.type) : name === step.name,
    );
  if (declared !== undefined) {
    const begun = step?.startedAt ?? null;
    const from = begun === null ? (before(said, look)?.at ?? null) : Date.parse(begun);
    return { hears: declared.name, oneOf: declared.oneOf, withinMs: declared.withinMs, nobodyWaits: false, from };
  }
  return {
    hears: askedBy(said, look) ?? cause?.type ?? null,
    oneOf: [],
    withinMs: null,
    nobodyWaits: false,
    from: null,
  };
}

/** The command or the timer because of which it was said. */
function askedBy(said: Said, { protocol }: Look): string | null {
  const rows = protocol.map.services
    .flatMap(({ rows }) => rows)
    .filter(
      ({ service, emits, hears }) => service === said.service && emits.includes(said.type) && hears.kind !== 'event',
    );
  const kind = isByDeadline(said.payload) ? 'timer' : 'command';
  return rows.find(({ hears }) => hears.kind === kind)?.hears.name ?? null;
}

/** Of an orchestrated saga: the event before it. */
function before(said: Said, { told, style }: Look): Said | undefined {
  if (style !== 'orchestrated') return undefined;
  const at = told.all.indexOf(said);
  return at < 1 ? undefined : told.all[at - 1];
}
