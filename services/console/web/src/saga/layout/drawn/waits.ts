import { figureOf } from '../../../../../src/saga/words.ts';
import { DEADLINE, NOW, type Plan } from '../columns/plan.ts';
import { xAt } from '../columns/scale.ts';
import type { Hop } from '../marks/hops.ts';
import { isLarge } from '../marks/labels.ts';
import { along } from '../scene/path.ts';
import type { Bar, ScalePoint } from '../scene/scene.ts';
import { bar_ } from '../scene/seam-bars.ts';
import { HANDLER_HIGH, OVER_HIGH, RADIUS, SEAM_HIGH, WAITING_HIGH } from '../scene/sizes.ts';
import type { Links } from './links.ts';

interface Stretch {
  readonly from: number;
  readonly end: number;
  readonly y: number;
}

/** A wait that is not over: what it has behind it, then a bar in the colour of its seam until now, in alarm from due on. */
export function drawWait(
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

/** What waited for a person, and was decided: dotted until the next event of its lane. */
export function drawDecided(plan: Plan, links: Links): void {
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
export function drawMissedDeadline(plan: Plan, links: Links): void {
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
