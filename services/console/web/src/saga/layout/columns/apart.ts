import { figureOf } from '../../../../../src/saga/words.ts';
import { orchestratorOf } from '../marks/comb.ts';
import type { Hop } from '../marks/hops.ts';
import { ASCENT, DESCENT, type Label } from '../marks/labels.ts';
import { BARE_HOP, BESIDE, CLEAR, HOP, OVER_HIGH, RADIUS, SMALL_HOP } from '../scene/sizes.ts';
import type { Apart } from './columns.ts';
import { DEADLINE, type Draft, NOW, type Plan } from './plan.ts';

interface Upright {
  readonly column: number;
  readonly y1: number;
  readonly y2: number;
}

/** What has to stand apart, and by how much: marks of a lane, hops, and texts from whatever crosses them. */
export function apartOf(plan: Draft, due: Plan['due']): readonly Apart[] {
  const { index, options } = plan;
  const at = (id: string): number => index.get(id) ?? -1;
  const apart: Apart[] = [];
  const add = (from: number, to: number, by: number): void => {
    if (from >= 0 && to > from) {
      apart.push({ from, to, by });
    }
  };
  const isSmall = (hop: Hop): boolean => plan.found.past.some((one) => one.id === hop.to && one.minor);
  for (const hop of plan.hops) {
    add(
      at(hop.from),
      hop.to === null ? at(NOW) : at(hop.to),
      options.seams ? (isSmall(hop) ? SMALL_HOP : HOP) : BARE_HOP,
    );
  }
  for (const rest of plan.rest) {
    add(rest.fromNow ? at(NOW) : at(rest.from), at(rest.to), BARE_HOP);
  }
  plan.found.owed.forEach((one) => {
    add(at(NOW), at(one.id), 28);
  });
  if (due !== null) {
    const text = options.measure(
      `${figureOf(Date.parse(plan.detail.now) - Date.parse(due.step.dueAt ?? ''))} overdue`,
      'over',
    );
    add(due.column, at(NOW), text + 2 * CLEAR);
  }
  if (index.has(DEADLINE)) {
    add(at(NOW), at(DEADLINE), 150);
  }
  const uprights = uprightsOf(plan, due);
  const all = [...plan.found.past, ...plan.found.owed];
  for (const one of all) {
    const label = plan.labels.get(one.id) as Label;
    const here = at(one.id);
    for (const other of all) {
      const there = at(other.id);
      if (other === one || other.service !== one.service || there < here) {
        continue;
      }
      const beside = plan.labels.get(other.id) as Label;
      add(here, there, label.right + beside.left + 4);
    }
    for (const line of label.lines) {
      for (const upright of uprights) {
        const meets = upright.y1 < line.y + DESCENT && upright.y2 > line.y - ASCENT;
        if (!meets || upright.column === here) {
          continue;
        }
        if (label.anchor === 'start') {
          add(here, upright.column, line.from + line.width + CLEAR);
        } else {
          add(upright.column, here, line.from + line.width + CLEAR);
        }
      }
    }
  }
  return apart;
}

/** Everything upright: the verticals of hops, and the lines through all lanes. */
function uprightsOf(plan: Draft, due: Plan['due']): readonly Upright[] {
  const { index } = plan;
  const bottom = (plan.lanes.at(-1)?.top ?? 0) + (plan.lanes.at(-1)?.height ?? 0);
  const between = (column: string, from: string, to: string, beside = 0): Upright => {
    const [a, b] = [plan.lane(from).y, plan.lane(to).y - beside];
    return { column: index.get(column) ?? -1, y1: a < b ? a + RADIUS : b, y2: a < b ? b : a - RADIUS };
  };
  const all: Upright[] = [
    ...plan.hops
      .filter((hop) => hop.fromService !== hop.toService)
      .map((hop) => between(hop.from, hop.fromService, hop.toService, plan.sidings.has(hop.id) ? BESIDE : 0)),
    ...plan.rest
      .filter((rest) => rest.fromService !== rest.toService)
      .map((rest) => between(rest.from, rest.fromService, rest.toService)),
    ...plan.asks.flatMap((ask) =>
      ask.answer === null ? [] : [between(ask.answer.id, ask.service, orchestratorOf(plan.detail))],
    ),
  ];
  if (due !== null) {
    all.push({ column: due.column, y1: 0, y2: plan.lane(due.step.service).y + OVER_HIGH / 2 });
  }
  for (const id of [NOW, DEADLINE, plan.turn?.id ?? '']) {
    if (index.has(id) && !(id === NOW && plan.options.scale === 'true')) {
      all.push({ column: index.get(id) as number, y1: 0, y2: bottom });
    }
  }
  return all;
}
