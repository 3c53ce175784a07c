import { NOW, type Plan } from '../columns/plan.ts';
import { orchestratorOf } from '../marks/comb.ts';
import { leaving, upright } from '../scene/path.ts';
import { bar_ } from '../scene/seam-bars.ts';
import { RADIUS, SEAM_HIGH } from '../scene/sizes.ts';
import type { Links } from './links.ts';

/** Where the asks of an orchestrator come from. */
export const orchestratorMark = (plan: Plan): string =>
  plan.found.past.find((one) => !one.minor && one.service === orchestratorOf(plan.detail))?.id ?? '';

/** The bar of the orchestrator, from its first event to its last, and a thin line back for each answer. */
export function drawComb(plan: Plan, links: Links): void {
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
