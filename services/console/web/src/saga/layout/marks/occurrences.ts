import type { Reading, SagaDetail, SagaEvent, Step } from '../../../../../src/contract/index.ts';
import { figureOf } from '../../../../../src/saga/words.ts';
import { allowed, clock } from '../scene/durations.ts';
import type { MarkKind, Tone } from '../scene/scene.ts';

export interface Line {
  readonly text: string;
  readonly tone: Tone;
}

/** One mark before it has a place: what happened, or is owed, or was made of an event. */
export interface Occurrence {
  readonly id: string;
  readonly kind: MarkKind;
  readonly service: string;
  /** Milliseconds since 1970, never before its cause; null of what has not happened. */
  readonly at: number | null;
  /** Marks of readings stand between the events, and give way to them. */
  readonly minor: boolean;
  readonly eventId: string | null;
  readonly stepId: string | null;
  readonly name: Line | null;
  readonly facts: readonly Line[];
  readonly pips: readonly { readonly handled: boolean; readonly late: boolean }[];
  readonly sentence: string;
  /** Ids of the occurrences that it follows from. */
  readonly after: string | null;
}

export interface Occurrences {
  /** What happened, by time. */
  readonly past: readonly Occurrence[];
  /** What is declared and has not happened, each after what it follows from. */
  readonly owed: readonly Occurrence[];
}

export const readingId = (reading: Reading): string => `${reading.eventId}/${reading.service}`;

const MADE_A_MARK: readonly Reading['state'][] = ['noted', 'ignored', 'dead', 'parked'];
/** Whether a reading has a mark of its own: one that answered has the mark of its answer. */
export const isMarked = (reading: Reading, events: ReadonlySet<string>): boolean =>
  MADE_A_MARK.includes(reading.state) ||
  (reading.state === 'answered' && !reading.caused.some((eventId) => events.has(eventId)));

/** Everything that gets a mark, each once. */
export function occurrencesOf(detail: SagaDetail, withReaders: boolean): Occurrences {
  const steps = new Map(detail.steps.filter((step) => step.eventId !== null).map((step) => [step.eventId, step]));
  const times = timesOf(detail, steps);
  const ids = new Set(detail.events.map((event) => event.id));
  const said = detail.events.map((event) => ofEvent(event, steps.get(event.id), detail, times));
  const read = detail.readings.flatMap((reading) => ofReading(reading, detail, times, ids, withReaders));
  const order = new Map([...times.keys()].map((id, index) => [id, index]));
  const past = [...said, ...read].sort(
    (a, b) => (a.at ?? 0) - (b.at ?? 0) || rank(a, order) - rank(b, order) || (a.id < b.id ? -1 : 1),
  );
  return { past, owed: owedSteps(detail).map((step) => ofOwed(step, detail)) };
}

const rank = (occurrence: Occurrence, order: ReadonlyMap<string, number>): number =>
  (order.get(occurrence.eventId ?? '') ?? 0) + (occurrence.minor ? 0.5 : 0);

/** Steps that are owed, each after the one that it comes after. */
export function owedSteps(detail: SagaDetail): readonly Step[] {
  const open = detail.steps.filter((step) => step.eventId === null && step.state !== 'skipped');
  const sorted: Step[] = [];
  const visit = (step: Step, trail: readonly Step[]): void => {
    const before = open.find((other) => other.id === step.after);
    if (before !== undefined && !trail.includes(before)) {
      visit(before, [...trail, step]);
    }
    if (!sorted.includes(step)) {
      sorted.push(step);
    }
  };
  for (const step of open) {
    visit(step, []);
  }
  return sorted;
}

/** When each event was said; clocks may differ, an effect never stands before its cause. Causes come first. */
function timesOf(detail: SagaDetail, steps: ReadonlyMap<string | null, Step>): Map<string, number> {
  const events = new Map(detail.events.map((event) => [event.id, event]));
  const times = new Map<string, number>();
  const visit = (event: SagaEvent, trail: readonly string[]): number => {
    const known = times.get(event.id);
    if (known !== undefined) {
      return known;
    }
    const cause = events.get(steps.get(event.id)?.after ?? event.causationId ?? '');
    const notBefore = cause === undefined || trail.includes(cause.id) ? 0 : visit(cause, [...trail, event.id]);
    const at = Math.max(Date.parse(event.at), notBefore);
    times.set(event.id, at);
    return at;
  };
  for (const event of detail.events) {
    visit(event, []);
  }
  return times;
}

function ofEvent(
  event: SagaEvent,
  step: Step | undefined,
  detail: SagaDetail,
  times: ReadonlyMap<string, number>,
): Occurrence {
  const kind = step?.state ?? 'done';
  const readings = detail.readings.filter((reading) => reading.eventId === event.id);
  const handled = readings.filter(isHandled).length;
  const late = new Set(
    detail.steps
      .filter((owed) => owed.eventId === null && owed.state === 'overdue' && owed.hearsId === event.id)
      .map((owed) => owed.service),
  );
  const tone = toneOf(kind);
  const readers = readings.length === 0 ? '' : `, ${handled} of ${readings.length} readers have handled it`;
  return {
    id: step?.id ?? event.id,
    kind,
    service: event.service,
    at: times.get(event.id) ?? Date.parse(event.at),
    minor: false,
    eventId: event.id,
    stepId: step?.id ?? null,
    name: { text: event.type, tone },
    facts: step?.fact ? [{ text: step.fact, tone: tone === 'alarm' ? 'alarm' : 'plain' }] : [],
    pips: readings.map((reading) => ({ handled: isHandled(reading), late: late.has(reading.service) })),
    sentence: `${event.type}, said by ${event.service} at ${clock(Date.parse(event.at))}: ${MEANINGS[kind]}${step?.fact ? `, ${step.fact}` : ''}${readers}`,
    after: step?.after ?? event.causationId,
  };
}

export const isHandled = (reading: Reading): boolean =>
  reading.state === 'answered' || reading.state === 'noted' || reading.state === 'ignored';

function ofReading(
  reading: Reading,
  detail: SagaDetail,
  times: ReadonlyMap<string, number>,
  ids: ReadonlySet<string>,
  withReaders: boolean,
): readonly Occurrence[] {
  const said = times.get(reading.eventId);
  const event = detail.events.find((other) => other.id === reading.eventId);
  if (said === undefined || event === undefined) {
    return [];
  }
  const base = {
    service: reading.service,
    minor: true,
    eventId: reading.eventId,
    stepId: null,
    pips: [],
    after: reading.eventId,
  };
  const found: Occurrence[] = [];
  const quiet = reading.state !== 'dead' && reading.state !== 'parked';
  if (isMarked(reading, ids) && (withReaders || !quiet)) {
    const kind = reading.state === 'answered' ? 'noted' : (reading.state as 'noted' | 'ignored' | 'dead' | 'parked');
    const letter = detail.setAside.find(
      (aside) => aside.service === reading.service && aside.eventId === reading.eventId,
    );
    const at = Math.max(said, Date.parse(reading.at ?? letter?.since ?? event.publishedAt));
    const reason = reading.reason ?? letter?.code ?? '';
    found.push({
      ...base,
      id: readingId(reading),
      kind,
      at,
      ...wordsOfReading(kind, reason, event.type),
      sentence: `${reading.service}: ${event.type} ${MEANINGS[kind]}${reason === '' ? '' : `, ${reason}`}`,
    });
  }
  if (withReaders) {
    reading.duplicates.forEach((moment, index) => {
      found.push({
        ...base,
        id: `${readingId(reading)}/${index + 2}`,
        kind: 'duplicate',
        at: Math.max(said, Date.parse(moment)),
        name: null,
        facts: [],
        sentence: `${reading.service}: a duplicate of ${event.type}, dropped`,
      });
    });
  }
  return found;
}

function wordsOfReading(kind: MarkKind, reason: string, type: string): Pick<Occurrence, 'name' | 'facts'> {
  switch (kind) {
    case 'ignored':
      return {
        name: { text: 'ignored', tone: 'ghost' },
        facts: reason === '' ? [] : [{ text: reason, tone: 'ghost' }],
      };
    case 'dead':
      return {
        name: { text: 'dead letter', tone: 'alarm' },
        facts: [{ text: reason === '' ? type : reason, tone: 'alarm' }],
      };
    case 'parked':
      return { name: { text: 'parked', tone: 'plain' }, facts: [{ text: type, tone: 'plain' }] };
    default:
      return reason === ''
        ? { name: null, facts: [] }
        : { name: { text: 'noted', tone: 'ghost' }, facts: [{ text: reason, tone: 'ghost' }] };
  }
}

function ofOwed(step: Step, detail: SagaDetail): Occurrence {
  // The person is drawn at the event that waits for one; behind it stands what is expected then.
  const isDecided =
    step.state === 'person' && detail.steps.some((one) => one.id === step.after && one.state === 'person');
  const kind: MarkKind =
    step.state === 'dead' || step.state === 'parked' ? 'overdue' : isDecided ? 'expected' : step.state;
  const late = kind === 'overdue' || kind === 'undo-failed';
  const others = step.oneOf.filter((event) => event !== step.event);
  const within = step.withinMs === null ? '' : `, within ${allowed(step.withinMs)}`;
  const or = others.length === 0 ? '' : `or ${others[0]}${others.length > 1 ? ', …' : ''}`;
  const facts: Line[] = late
    ? [...(or === '' ? [] : [{ text: or, tone: 'alarm' as const }]), { text: `owed by ${step.service}`, tone: 'plain' }]
    : [
        {
          text:
            step.fact ||
            (isDecided
              ? 'once a person decides'
              : step.nobodyWaits
                ? 'nobody waits for it'
                : `${step.service}${within}`),
          tone: 'ghost',
        },
      ];
  const now = Date.parse(detail.now);
  const overdue = step.dueAt === null ? 0 : now - Date.parse(step.dueAt);
  return {
    id: step.id,
    kind,
    service: step.service,
    at: null,
    minor: false,
    eventId: null,
    stepId: step.id,
    name: { text: step.event, tone: late ? 'alarm' : 'ghost' },
    facts,
    pips: [],
    sentence: `${[step.event, ...others].join(' or ')}, owed by ${step.service}: ${
      late && overdue > 0 ? `overdue by ${figureOf(overdue)}` : `${MEANINGS[kind]}${within}`
    }`,
    after: step.after,
  };
}

function toneOf(kind: MarkKind): Tone {
  if (kind === 'refused' || kind === 'undo-done' || kind === 'undo-running') {
    return 'back';
  }
  return kind === 'overdue' || kind === 'undo-failed' || kind === 'dead' ? 'alarm' : 'plain';
}

/** In a sentence, what a mark says. */
export const MEANINGS: Readonly<Record<MarkKind, string>> = {
  done: 'done',
  running: 'under way',
  expected: 'expected',
  overdue: 'overdue',
  refused: 'refused, the saga turns back here',
  undone: 'done, then undone',
  'undo-done': 'undo done',
  'undo-running': 'undo under way',
  'undo-expected': 'undo expected',
  'undo-failed': 'undo failed',
  person: 'waits for a person',
  unexpected: 'not declared here',
  dead: 'is a dead letter',
  parked: 'is parked behind a dead letter',
  skipped: 'will not happen any more',
  noted: 'noted: state changed, nothing said',
  ignored: 'ignored',
  duplicate: 'dropped as a duplicate',
  timer: 'a deadline that will go off',
};
