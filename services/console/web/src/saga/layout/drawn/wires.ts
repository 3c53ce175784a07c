import { NOW, type Plan } from '../columns/plan.ts';
import { xAt } from '../columns/scale.ts';
import type { Hop } from '../marks/hops.ts';
import { isLarge } from '../marks/labels.ts';
import { along, elbow, leaving, onto } from '../scene/path.ts';
import type { Bar, ScalePoint } from '../scene/scene.ts';
import { bar_, seamRow } from '../scene/seam-bars.ts';
import { BESIDE, CORNER, HANDLER_HIGH, RADIUS } from '../scene/sizes.ts';
import { drawComb, orchestratorMark } from './comb-bar.ts';
import type { Links } from './links.ts';
import { drawDecided, drawMissedDeadline, drawWait } from './waits.ts';

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
