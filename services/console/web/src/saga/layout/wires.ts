import { figureOf } from '../../../../src/saga/words.ts';
import { orchestratorOf } from './comb.ts';
import type { Hop } from './hops.ts';
import { isLarge } from './labels.ts';
import { along, elbow, onto, upright } from './path.ts';
import { DEADLINE, NOW, type Plan } from './plan.ts';
import { xAt } from './scale.ts';
import type { ArrowHead, Bar, Cross, ScalePoint, Wire } from './scene.ts';
import { bar_, seamRow } from './seam-bars.ts';
import { BESIDE, CORNER, HANDLER_HIGH, OVER_HIGH, RADIUS, SEAM_HIGH, WAITING_HIGH } from './sizes.ts';

/** What is drawn between the marks. */
export interface Links {
  readonly wires: Wire[];
  readonly bars: Bar[];
  readonly heads: ArrowHead[];
  readonly crosses: Cross[];
  /** Where the seams of a hop begin, for the numbers under them; and the x at which it ends. */
  readonly rows: { readonly hop: Hop; readonly x: number; readonly end: number; readonly y: number }[];
}

export function linksOf(plan: Plan, scale: readonly ScalePoint[]): Links {
  const links: Links = { wires: [], bars: [], heads: [], crosses: [], rows: [] };
  for (const hop of plan.hops) {
    drawHop(plan, scale, hop, links);
  }
  for (const rest of plan.rest) {
    const y = plan.lane(rest.toService).y;
    const end = plan.x(rest.to) - reach(plan, rest.to);
    const from = rest.fromNow ? plan.x(NOW) : plan.x(rest.from);
    const path =
      rest.fromNow || rest.fromService === rest.toService
        ? along(rest.fromNow ? from : from + RADIUS + 1, end, y)
        : elbow(from, leaving(plan.lane(rest.fromService).y, y, reach(plan, rest.from)), y, end);
    const isPerson = plan.found.past.some((one) => one.id === rest.from && one.kind === 'person');
    if (isPerson && rest.fromService === rest.toService) {
      const now = plan.x(NOW);
      links.wires.push({
        ...along(from + RADIUS + 1, now, y),
        id: `${rest.id}/person`,
        kind: 'person',
        from: rest.from,
        to: rest.to,
      });
      links.wires.push({ ...along(now, end, y), id: rest.id, kind: rest.wire, from: rest.from, to: rest.to });
    } else {
      links.wires.push({ ...path, id: rest.id, kind: rest.wire, from: rest.from, to: rest.to });
    }
  }
  drawComb(plan, links);
  drawDecided(plan, links);
  drawMissedDeadline(plan, links);
  return links;
}

const leaving = (from: number, to: number, by: number): number => (to > from ? from + by : from - by);

/** Half the width of a mark. */
function reach(plan: Plan, id: string): number {
  const one = [...plan.found.past, ...plan.found.owed].find((other) => other.id === id);
  if (one === undefined) {
    return 0;
  }
  return one.kind === 'noted' ? 4 : one.kind === 'ignored' ? 6 : isLarge(one.kind) ? RADIUS + 3 : RADIUS;
}

function drawHop(plan: Plan, scale: readonly ScalePoint[], hop: Hop, links: Links): void {
  const staff = plan.lane(hop.toService).y;
  const isBeside = plan.sidings.has(hop.id);
  const [fromY, y] = [plan.lane(hop.fromService).y, isBeside ? staff - BESIDE : staff];
  const isAsk = hop.wire === 'ask' || hop.wire === 'ask-back';
  const fromX = plan.x(hop.from);
  const end = hop.to === null ? plan.x(NOW) : plan.x(hop.to) - reach(plan, hop.to);
  const from = fromY === y ? fromX + RADIUS + 1 : fromX + CORNER;
  const ends = { from: isAsk ? orchestratorMark(plan) : hop.from, to: hop.to };
  const seams = hop.reading?.seams;
  const isKnown =
    seams !== undefined && [seams.outboxMs, seams.brokerMs, seams.waitMs, seams.handlerMs].some((ms) => ms !== null);
  const withBars = (plan.options.seams && isKnown) || hop.to === null || isAsk;
  const wireEnd = withBars ? from : end - 5;
  const path =
    fromY === y
      ? along(fromX + RADIUS + 1, wireEnd, y)
      : elbow(fromX, isAsk ? fromY + 4 : leaving(fromY, y, reach(plan, hop.from)), y, wireEnd);
  links.wires.push({ ...path, id: hop.id, kind: hop.wire, ...ends });
  const back = hop.wire === 'back' || hop.wire === 'back-thin' || hop.wire === 'ask-back';
  const head = (x: number): void => {
    links.heads.push({ id: `${hop.id}/head`, x, y, back, from: ends.from ?? hop.from, to: hop.to ?? '' });
  };
  const push = (bar: Omit<Bar, 'from' | 'to'>): void => {
    links.bars.push({ ...bar, ...ends });
  };
  if (isAsk) {
    push(bar_(hop.id, 'handler', from + 1, y, end - from - 2, HANDLER_HIGH, 'asked, and at work'));
    return;
  }
  if (hop.to === null) {
    drawWait(plan, scale, hop, { from, end, y }, push, links);
    return;
  }
  if (!withBars || seams === undefined) {
    head(end - 5);
    return;
  }
  const row = seamRow(hop.id, seams, lengthsOf(plan, scale, hop), from, end, y);
  row.bars.forEach(push);
  head(row.headX);
  links.rows.push({ hop, x: from, end, y: staff });
  if (isBeside && hop.to !== null) {
    const path = onto(end, y, plan.x(hop.to), staff - reach(plan, hop.to));
    links.wires.push({ ...path, id: `${hop.id}/onto`, kind: hop.wire, ...ends });
  }
}

/** The px that time gives to each seam. */
function lengthsOf(plan: Plan, scale: readonly ScalePoint[], hop: Hop): readonly number[] {
  const seams = hop.reading?.seams;
  let at = plan.found.past.find((one) => one.id === hop.from)?.at ?? 0;
  return [seams?.outboxMs, seams?.brokerMs, seams?.waitMs, seams?.handlerMs].map((ms) => {
    const begin = xAt(scale, at);
    at += ms ?? 0;
    return xAt(scale, at) - begin;
  });
}

interface Stretch {
  readonly from: number;
  readonly end: number;
  readonly y: number;
}

/** A wait that is not over: what it has behind it, then a bar in the colour of its seam until now, in alarm from due on. */
function drawWait(
  plan: Plan,
  scale: readonly ScalePoint[],
  hop: Hop,
  { from, end, y }: Stretch,
  push: (bar: Omit<Bar, 'from' | 'to'>) => void,
  links: Links,
): void {
  let x = from;
  const seams = hop.reading?.seams;
  if (hop.waitsIn !== 'outbox' && plan.options.seams) {
    const behind = [
      ['outbox', seams?.outboxMs],
      ['broker', seams?.brokerMs],
      ['wait', hop.waitsIn === 'topic' ? null : seams?.waitMs],
    ] as const;
    for (const [seam, ms] of behind) {
      if (ms != null && ms > 0 && x + 6 < end) {
        push(bar_(hop.id, seam, x, y, 5, SEAM_HIGH, `${seam} ${figureOf(ms)}`));
        x += 6;
      }
    }
  }
  const dueAt = hop.owed?.dueAt == null ? Number.POSITIVE_INFINITY : Date.parse(hop.owed.dueAt);
  const isLate = hop.owed !== null && isLarge(hop.owed.state) && dueAt < Date.parse(plan.detail.now);
  links.rows.push({ hop, x, end, y });
  if (hop.waitsIn === 'call') {
    drawTries(hop, { from: x + 4, end: end - 8, y }, push, links);
    return;
  }
  const due = isLate ? Math.min(end, Math.max(x, xAt(scale, dueAt))) : end;
  const kind = hop.waitsIn === 'outbox' ? 'held' : hop.waitsIn === 'handler' ? 'handler' : 'waiting';
  const words = kind === 'held' ? 'waits in the outbox' : kind === 'handler' ? 'at work' : 'waits in the topic';
  push(bar_(hop.id, kind, x, y, due - x, kind === 'handler' ? HANDLER_HIGH : WAITING_HIGH, words));
  if (isLate) {
    push(bar_(hop.id, 'over', due, y, end - due, OVER_HIGH, 'overdue'));
  }
}

const TRIES_SHOWN = 5;

/** One dashed box a try, a cross behind each that had no answer. */
function drawTries(
  hop: Hop,
  { from, end, y }: Stretch,
  push: (bar: Omit<Bar, 'from' | 'to'>) => void,
  links: Links,
): void {
  const tries = Math.min(TRIES_SHOWN, hop.work?.attempts ?? 1);
  const each = Math.min(60, (end - from) / tries);
  if (each < 16) {
    push(bar_(hop.id, 'try', from, y, Math.max(4, end - from), WAITING_HIGH, `${hop.work?.attempts} tries`));
    return;
  }
  for (let index = 0; index < tries; index++) {
    const x = from + index * each;
    const width = Math.min(34, each - 14);
    push({ ...bar_(hop.id, 'try', x, y, width, WAITING_HIGH, `try ${index + 1}`), id: `${hop.id}/try/${index}` });
    const isOpen = hop.work?.isBeingMade === true && index === tries - 1;
    if (!isOpen) {
      links.crosses.push({ id: `${hop.id}/try/${index}`, x: x + width + 6, y });
    }
  }
}

const orchestratorMark = (plan: Plan): string =>
  plan.found.past.find((one) => !one.minor && one.service === orchestratorOf(plan.detail))?.id ?? '';

/** The bar of the orchestrator, from its first event to its last, and a thin line back for each answer. */
function drawComb(plan: Plan, links: Links): void {
  if (plan.asks.length === 0) {
    return;
  }
  const owner = orchestratorOf(plan.detail);
  const own = plan.found.past.filter((one) => !one.minor && one.service === owner);
  const [first, last] = [own[0], own.at(-1)];
  if (first === undefined || last === undefined) {
    return;
  }
  const y = plan.lane(owner).y;
  const isOver = plan.detail.endedAt !== null && last !== first;
  const end = isOver ? plan.x(last.id) - RADIUS + 1 : plan.x(plan.index.has(NOW) ? NOW : last.id);
  const from = plan.x(first.id) + RADIUS - 1;
  links.bars.unshift({
    ...bar_('orchestrator', 'orchestrator', from, y, end - from, SEAM_HIGH, 'the orchestrator holds the saga'),
    from: first.id,
    to: last.id,
  });
  for (const ask of plan.asks) {
    if (ask.answer === null) {
      continue;
    }
    const x = plan.x(ask.answer.id);
    const lane = plan.lane(ask.service).y;
    const top = y + (lane > y ? 9 : -9);
    const path = upright(x, leaving(lane, y, RADIUS), top);
    links.wires.push({
      d: `${path.d}M${x - 4} ${top + (lane > y ? 4 : -4)}L${x} ${top}L${x + 4} ${top + (lane > y ? 4 : -4)}`,
      segments: path.segments,
      id: `answer/${ask.id}`,
      kind: ask.back || ask.answer.kind === 'refused' ? 'answer-back' : 'answer',
      from: ask.answer.id,
      to: first.id,
    });
  }
}

/** What waited for a person, and was decided: dotted until the next event of its lane. */
function drawDecided(plan: Plan, links: Links): void {
  for (const one of plan.found.past.filter((other) => other.kind === 'person' && !other.minor)) {
    if (plan.rest.some((rest) => rest.from === one.id)) {
      continue;
    }
    const next = plan.found.past.find(
      (other) => !other.minor && other.after === one.id && other.service === one.service,
    );
    const end = next === undefined ? (plan.index.has(NOW) ? plan.x(NOW) : null) : plan.x(next.id) - RADIUS;
    if (end !== null) {
      const y = plan.lane(one.service).y;
      links.wires.push({
        ...along(plan.x(one.id) + RADIUS + 1, end, y),
        id: `person/${one.id}`,
        kind: 'person',
        from: one.id,
        to: next?.id ?? null,
      });
    }
  }
}

/** What is owed by a clock, not for an event: the bar begins where its time was. */
function drawMissedDeadline(plan: Plan, links: Links): void {
  const { due } = plan;
  if (due === null || plan.hops.some((hop) => hop.owed?.id === due.step.id) || plan.options.width <= 0) {
    return;
  }
  const setAside = plan.found.past.some((one) => one.kind === 'dead' && one.service === due.step.service);
  const isPerson = plan.index.has(DEADLINE) && due.step.state === 'person';
  if (setAside || isPerson) {
    return;
  }
  const x = plan.places.xs[due.column] ?? 0;
  const y = plan.lane(due.step.service).y;
  links.bars.push({
    ...bar_(`due/${due.step.id}`, 'over', x, y, plan.x(NOW) - x, OVER_HIGH, 'overdue'),
    from: due.step.id,
    to: due.step.id,
  });
}
