import type { SagaDetail, Step } from '../../../../../src/contract/index.ts';
import { type Ask, askHops, asksOf, orchestratorOf, readingsBesides } from '../marks/comb.ts';
import { hopsOf, restOf } from '../marks/hops.ts';
import { isLarge, labelOf } from '../marks/labels.ts';
import { placeLanes } from '../marks/lanes.ts';
import { type Occurrences, occurrencesOf, owedSteps } from '../marks/occurrences.ts';
import type { LaneBox, LayoutOptions } from '../scene/scene.ts';
import { apartOf } from './apart.ts';
import { type Column, type Places, placeColumns } from './columns.ts';
import { DEADLINE, DUE, NOW, type Plan } from './plan.ts';
import { sidingsOf } from './sidings.ts';
import { placeTrue } from './true-time.ts';

/** From generous to tight, as long as the drawing does not fit. */
const TIGHTNESS: readonly Tightness[] = [
  { widest: 170, ghostFacts: true, reasons: true },
  { widest: 96, ghostFacts: true, reasons: true },
  { widest: 96, ghostFacts: false, reasons: true },
  { widest: 96, ghostFacts: false, reasons: false },
];

interface Tightness {
  /** How wide a fact may be before it takes two lines. */
  readonly widest: number;
  /** Whether the declared rest says who owes it within what; the marks and the protocol say it too. */
  readonly ghostFacts: boolean;
  /** Whether the reason stands beside what was ignored; the mark and the panel say it too. */
  readonly reasons: boolean;
}

/** The first plan that fits; otherwise the narrowest. */
export function planOf(detail: SagaDetail, options: LayoutOptions, pins: ReadonlyMap<string, number>): Plan {
  const [generous] = TIGHTNESS;
  if (options.scale === 'true' && generous !== undefined) {
    return tryPlan(detail, options, pins, { ...generous, turned: new Set() });
  }
  let best: Plan | null = null;
  for (const tightness of TIGHTNESS) {
    for (const turned of turnings(detail)) {
      const plan = tryPlan(detail, options, pins, { ...tightness, turned });
      if (best === null || plan.places.width < best.places.width - 1) {
        best = plan;
      }
      if (plan.places.width <= options.width) {
        return plan;
      }
    }
  }
  return best as Plan;
}

/**
 * Which names stand left of their marks: none, or of the declared rest the last ones, each alone, each with the last. Where nothing
 * is owed, the last event.
 */
function turnings(detail: SagaDetail): readonly ReadonlySet<string>[] {
  const ghosts = owedSteps(detail).map((step) => step.id);
  if (ghosts.length === 0) {
    const said = detail.steps.filter((step) => step.eventId !== null);
    const latest = said.sort((a, b) => Date.parse(a.at ?? '') - Date.parse(b.at ?? '')).at(-1);
    return [new Set<string>(), new Set(latest === undefined ? [] : [latest.id])];
  }
  const last = ghosts.slice(-1);
  const tails = ghosts.map((_, index) => ghosts.slice(-1 - index)).slice(0, 3);
  const pairs = ghosts.slice(0, -1).flatMap((ghost) => [[ghost], [ghost, ...last]]);
  return [[], ...tails, ...pairs].map((turned) => new Set(turned));
}

function tryPlan(
  detail: SagaDetail,
  options: LayoutOptions,
  pins: ReadonlyMap<string, number>,
  { widest, ghostFacts, reasons, turned }: Tightness & { readonly turned: ReadonlySet<string> },
): Plan {
  const isComb = detail.style === 'orchestrated' && detail.log !== null;
  const readings = isComb ? readingsBesides(detail) : detail.readings;
  const found = occurrencesOf({ ...detail, readings }, options.readers);
  // The dots of readers tell who has handled an event; in a comb nobody hears anybody.
  const lanes = placeLanes(servicesOf(detail, found), options.folded);
  const lane = (service: string): LaneBox => lanes.find((one) => one.service === service) ?? (lanes.at(-1) as LaneBox);
  const asks = isComb ? asksOf(detail, found) : [];
  const owner = orchestratorOf(detail);
  const asked = new Set(asks.map((ask) => ask.answer?.id));
  const hops = [
    ...hopsOf(detail, found, readings).filter(
      (hop) => !(isComb && (asked.has(hop.to ?? '') || hop.toService === owner)),
    ),
    ...askHops(asks, owner, detail),
  ];
  const rest = restOf(found, hops);
  const hasNow = detail.endedAt === null || found.owed.length > 0;
  const due = firstOverdue(detail, found);
  const columns = columnsOf(detail, found, asks, due, hasNow);
  const index = new Map(columns.map((column, at) => [column.id, at]));
  const labels = new Map(
    [...found.past, ...found.owed].map((one) => {
      const isSpare =
        (!ghostFacts && one.at === null && !isLarge(one.kind)) ||
        (!reasons && (one.kind === 'ignored' || one.kind === 'noted'));
      const spare = { ...one, facts: isSpare ? [] : one.facts, pips: options.readers ? one.pips : [] };
      return [one.id, labelOf(spare, lane(one.service), turned.has(one.id) ? 'end' : 'start', options.measure, widest)];
    }),
  );
  const turn =
    found.past.find((one) => one.kind === 'refused') ?? found.past.find((one) => one.kind.startsWith('undo-')) ?? null;
  const sidings = options.seams
    ? sidingsOf({
        hops,
        at: (id) => index.get(id) ?? -1,
        named: (service) =>
          [...found.past, ...found.owed]
            .filter((one) => one.service === service && one.name !== null)
            .map((one) => index.get(one.id) ?? -1),
      })
    : new Set<string>();
  const draft = { detail, options, found, lanes, lane, hops, sidings, rest, asks, columns, index, labels, turn };
  const dueColumn = due === null ? null : { step: due, column: index.get(DUE) ?? 0 };
  const apart = apartOf(draft, dueColumn);
  const right = columns.map((column) => labels.get(column.id)?.right ?? 0).map((reach) => reach + 12);
  if (index.has(DEADLINE)) {
    right[index.get(DEADLINE) ?? 0] = 12;
  }
  const pinned = new Map(
    [...pins].flatMap(([id, x]) => (index.has(id) ? [[index.get(id) as number, x] as const] : [])),
  );
  const room = { width: options.width, right, pins: pinned };
  const places = options.scale === 'true' ? placeTrue(columns, apart, room) : placeColumns(columns, apart, room);
  const moved = withDeadlineLast(places, index.get(DEADLINE), options.width);
  return {
    ...draft,
    places: moved,
    due: dueColumn,
    x: (id) => moved.xs[index.get(id) ?? -1] ?? 0,
  };
}

/** The deadline stands at the right edge when there is room left of it. */
function withDeadlineLast(places: Places, deadline: number | undefined, width: number): Places {
  if (deadline === undefined) {
    return places;
  }
  const xs = [...places.xs];
  xs[deadline] = Math.max(xs[deadline] ?? 0, width - 12);
  return { ...places, xs };
}

const servicesOf = (detail: SagaDetail, found: Occurrences): readonly string[] => [
  ...new Set([
    ...detail.lanes.map((lane) => lane.service),
    ...[...found.past, ...found.owed].map((one) => one.service),
  ]),
];

/** Its line is drawn where nothing else happened since: otherwise it would cut what did. */
function firstOverdue(detail: SagaDetail, found: Occurrences): Step | null {
  const now = Date.parse(detail.now);
  const late = detail.steps.filter(
    (step) =>
      step.eventId === null &&
      (step.state === 'overdue' || step.state === 'undo-failed' || step.state === 'dead' || step.state === 'parked') &&
      step.dueAt !== null &&
      Date.parse(step.dueAt) < now,
  );
  const last = Math.max(...found.past.map((one) => one.at ?? 0));
  const [first] = late.sort((a, b) => Date.parse(a.dueAt ?? '') - Date.parse(b.dueAt ?? ''));
  return first !== undefined && Date.parse(first.dueAt ?? '') >= last ? first : null;
}

function columnsOf(
  detail: SagaDetail,
  found: Occurrences,
  asks: readonly Ask[],
  due: Step | null,
  hasNow: boolean,
): readonly Column[] {
  const line: Column[] = due === null ? [] : [{ id: DUE, at: Date.parse(due.dueAt ?? ''), role: 'line' }];
  const past: Column[] = found.past.map((one) => ({ id: one.id, at: one.at, role: one.minor ? 'minor' : 'event' }));
  const asked: Column[] = asks.map((ask) => ({ id: ask.id, at: ask.at, role: 'minor' }));
  // What stands at the same moment keeps this order: an ask comes after the mark that it leaves.
  const sorted = [...line, ...past, ...asked]
    .map((column, order) => ({ column, order }))
    .sort((a, b) => (a.column.at ?? 0) - (b.column.at ?? 0) || a.order - b.order)
    .map(({ column }) => column);
  const last = Math.max(...sorted.map((column) => column.at ?? 0));
  const ghosts: Column[] = found.owed.map((one) => ({ id: one.id, at: null, role: 'ghost' }));
  const deadlineAt = detail.deadlineAt === null ? null : Date.parse(detail.deadlineAt);
  const now = Math.max(Date.parse(detail.now), last);
  return [
    ...sorted,
    ...(hasNow ? [{ id: NOW, at: now, role: 'now' as const }] : []),
    ...ghosts,
    ...(hasNow && deadlineAt !== null && deadlineAt > now
      ? [{ id: DEADLINE, at: null, role: 'deadline' as const }]
      : []),
  ];
}
