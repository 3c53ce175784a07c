import type { Reading, SagaDetail, Step, Work } from '../../../../../src/contract/index.ts';
import type { WireKind } from '../scene/scene.ts';
import { isMarked, type Occurrence, type Occurrences, readingId } from './occurrences.ts';

/** From a mark to the lane of who hears it, and along that lane to what came of it. */
export interface Hop {
  readonly id: string;
  /** The mark that it leaves; of an ask, the column in which it leaves the orchestrator's lane. */
  readonly from: string;
  readonly fromService: string;
  readonly toService: string;
  /** The mark in which it ends; null: it lasts until now. */
  readonly to: string | null;
  readonly wire: WireKind;
  readonly reading: Reading | null;
  /** What is owed at its end. */
  readonly owed: Step | null;
  /** In which seam it waits. */
  readonly waitsIn: 'topic' | 'outbox' | 'call' | 'handler' | null;
  readonly work: Work | null;
}

/** From the end of a wait, or from a mark in the same lane, to what is owed. */
export interface Rest {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly fromService: string;
  readonly toService: string;
  readonly wire: WireKind;
  /** It begins at the now line: before it stands a bar. */
  readonly fromNow: boolean;
}

const BACK: readonly string[] = ['refused', 'undo-done', 'undo-running', 'undo-expected', 'undo-failed'];
export const isBack = (occurrence: Occurrence | undefined): boolean =>
  occurrence !== undefined && BACK.includes(occurrence.kind) && occurrence.at !== null;

/** The hops of what was heard, in the order of the readings. Those whose end has no mark are left out. */
export function hopsOf(detail: SagaDetail, found: Occurrences, readings: readonly Reading[]): readonly Hop[] {
  const byEvent = new Map(found.past.filter((one) => !one.minor).map((one) => [one.eventId, one]));
  const marks = new Set(found.past.map((one) => one.id));
  const events = new Set(detail.events.map((event) => event.id));
  const hops: Hop[] = [];
  const reached = new Set<string>();
  for (const reading of readings) {
    const source = byEvent.get(reading.eventId);
    if (source === undefined) {
      continue;
    }
    const base = {
      id: `hop/${readingId(reading)}`,
      from: source.id,
      fromService: source.service,
      toService: reading.service,
      reading,
      owed: null,
      waitsIn: null,
      work: null,
    };
    const back = isBack(source);
    if (isMarked(reading, events)) {
      const to = readingId(reading);
      if (marks.has(to)) {
        hops.push({ ...base, to, wire: back ? (reading.state === 'ignored' ? 'back-thin' : 'back') : 'there' });
      }
    } else if (reading.state === 'answered') {
      const answers = reading.caused
        .flatMap((eventId) => byEvent.get(eventId) ?? [])
        .filter((one) => one.service === reading.service && !reached.has(one.id))
        .sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
      const [first, ...more] = answers;
      if (first !== undefined) {
        reached.add(first.id);
        hops.push({ ...base, to: first.id, wire: back ? 'back' : 'there' });
      }
      more.forEach((one, index) => {
        reached.add(one.id);
        hops.push(plainHop(answers[index] ?? one, one, one.service, isBack(answers[index])));
      });
    } else {
      hops.push(waitingHop(detail, reading, { ...base, to: null, wire: back ? 'back' : 'there' }));
    }
  }
  return [...hops, ...causesWithoutReading(found, reached)];
}

const plainHop = (from: Occurrence, to: Occurrence, toService: string, back: boolean): Hop => ({
  id: `hop/${from.id}>${to.id}`,
  from: from.id,
  fromService: from.service,
  toService,
  to: to.id,
  wire: back ? 'back' : 'plain',
  reading: null,
  owed: null,
  waitsIn: null,
  work: null,
});

function waitingHop(detail: SagaDetail, reading: Reading, hop: Hop): Hop {
  const owed =
    detail.steps.find(
      (step) =>
        step.eventId === null &&
        step.state !== 'skipped' &&
        step.service === reading.service &&
        step.hearsId === reading.eventId,
    ) ?? null;
  const work =
    detail.work.find(
      (one) => one.service === reading.service && one.causationId === reading.eventId && one.kind === 'call',
    ) ?? null;
  const isHeld = detail.events.find((event) => event.id === reading.eventId)?.inOutbox === true;
  const waitsIn =
    reading.state === 'working'
      ? work !== null && work.attempts > 1
        ? 'call'
        : 'handler'
      : isHeld
        ? 'outbox'
        : 'topic';
  return { ...hop, owed, work, waitsIn };
}

/** An event of another lane whose cause nobody is known to have read: the wire alone. */
function causesWithoutReading(found: Occurrences, reached: ReadonlySet<string>): readonly Hop[] {
  const byId = new Map(
    found.past
      .filter((one) => !one.minor)
      .flatMap((one) => [[one.id, one] as const, [one.eventId ?? '', one] as const]),
  );
  return found.past.flatMap((one) => {
    const cause = one.minor || reached.has(one.id) ? undefined : byId.get(one.after ?? '');
    return cause === undefined || cause.service === one.service
      ? []
      : [plainHop(cause, one, one.service, isBack(cause))];
  });
}

/** The wires to what is owed: from the wait before it, from a mark in its lane, or from what is owed before it. */
export function restOf(found: Occurrences, hops: readonly Hop[]): readonly Rest[] {
  const waits = new Map(hops.filter((hop) => hop.owed !== null).map((hop) => [hop.owed?.id, hop]));
  const byId = new Map([...found.past, ...found.owed].map((one) => [one.id, one]));
  const events = new Map(found.past.filter((one) => !one.minor).map((one) => [one.eventId, one]));
  return found.owed.flatMap((owed): readonly Rest[] => {
    const late = owed.kind === 'overdue' || owed.kind === 'undo-failed';
    const wire: WireKind = late ? 'late' : 'expected';
    const base = { id: `rest/${owed.id}`, to: owed.id, toService: owed.service, wire };
    const wait = waits.get(owed.id);
    if (wait !== undefined) {
      return [{ ...base, from: wait.from, fromService: owed.service, fromNow: true }];
    }
    const cause = byId.get(owed.after ?? '') ?? events.get(owed.after ?? '');
    if (cause === undefined) {
      return [];
    }
    const setAside = found.past.filter(
      (one) =>
        one.service === owed.service && (one.kind === 'dead' || one.kind === 'parked') && one.eventId === cause.eventId,
    );
    const from = setAside[0] ?? cause;
    return [{ ...base, from: from.id, fromService: from.service, fromNow: false }];
  });
}
