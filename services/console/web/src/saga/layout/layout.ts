import type { SagaDetail } from '../../../../src/contract/index.ts';
import { NOW, type Plan } from './columns/plan.ts';
import { planOf } from './columns/planning.ts';
import { bandsOf, scaleOf } from './columns/scale.ts';
import { axisOf, writeBands } from './drawn/axis.ts';
import type { Links } from './drawn/links.ts';
import { type Box, boxOf, meets, PlacedTexts } from './drawn/placed-texts.ts';
import { seamTexts } from './drawn/seam-texts.ts';
import { tiesOf } from './drawn/ties.ts';
import { linksOf } from './drawn/wires.ts';
import { isBack } from './marks/hops.ts';
import { textsOf } from './marks/labels.ts';
import type { Band, LayoutOptions, Mark, Pip, Scene, Tick } from './scene/scene.ts';
import { AXIS, BAND, FACT_DOWN, PIP, RADIUS } from './scene/sizes.ts';

/**
 * Draws a saga: pure, the same detail gives the same scene. `pins` are columns that keep the x of another scene of the same saga,
 * so that a past moment is seen without anything moving that had happened by then.
 */
export function layout(
  detail: SagaDetail,
  options: LayoutOptions,
  pins: ReadonlyMap<string, number> = new Map(),
): Scene {
  const plan = planOf(detail, options, pins);
  const scale = scaleOf(plan.columns, plan.places);
  const links = linksOf(plan, scale);
  const marks = marksOf(plan);
  const texts = new PlacedTexts(plan.places.width);
  for (const mark of marks) {
    texts.take(markBox(mark));
  }
  for (const wire of links.wires) {
    // A wire along a lane runs between the name and the fact.
    texts.takeSegments(wire.segments.filter((segment) => segment.x1 === segment.x2));
  }
  for (const bar of links.bars) {
    // A handler's bar is as high as the clear ground between a name and its fact.
    texts.take({ x1: bar.x, x2: bar.x + bar.width, y1: bar.y + 1, y2: bar.y + bar.height - 1 });
  }
  const axis = axisOf(plan, texts, pins.size > 0);
  writeBands(plan, texts);
  for (const one of [
    ...plan.found.past.filter((other) => !other.minor),
    ...plan.found.owed,
    ...plan.found.past.filter((other) => other.minor),
  ]) {
    const label = plan.labels.get(one.id);
    if (label !== undefined) {
      for (const text of textsOf(one, label, plan.x(one.id))) {
        texts.set(text);
      }
    }
  }
  const pips = pipsOf(plan, texts);
  const { ties, texts: verbs } = tiesOf(plan, texts, links.wires);
  seamTexts(plan, links, texts);
  const bottom = (plan.lanes.at(-1)?.top ?? 0) + (plan.lanes.at(-1)?.height ?? 0);
  const lastColumn = [...plan.columns].reverse().find((column) => column.at !== null);
  return {
    width: plan.places.width,
    height: bottom,
    axisHeight: axis.height,
    lanes: plan.lanes,
    turnX: plan.turn === null ? null : plan.x(plan.turn.id),
    nowX: plan.index.has(NOW) ? plan.x(NOW) : null,
    endX: plan.x(lastColumn?.id ?? ''),
    bands: bandsWithSlashes(plan, texts, links),
    lines: axis.lines,
    ticks: ticksOf(plan),
    ties,
    wires: links.wires,
    bars: links.bars,
    crosses: links.crosses,
    heads: links.heads,
    pips,
    texts: [...texts.texts, ...verbs],
    marks,
    scale,
  };
}

/** Everything that keeps its place while a past moment is shown. */
export const pinsOf = (scene: Scene): ReadonlyMap<string, number> =>
  new Map(scene.marks.filter((mark) => mark.at !== null).map((mark) => [mark.id, mark.x]));

const markBox = (mark: Mark): Box => {
  const half = mark.kind === 'noted' ? 4 : mark.kind === 'ignored' ? 6 : RADIUS;
  return { x1: mark.x - half, x2: mark.x + half, y1: mark.y - half, y2: mark.y + half };
};

function marksOf(plan: Plan): readonly Mark[] {
  return [...plan.found.past, ...plan.found.owed].map((one) => ({
    id: one.id,
    kind: one.kind,
    service: one.service,
    x: plan.x(one.id),
    y: plan.lane(one.service).y,
    at: one.at,
    eventId: one.eventId,
    stepId: one.stepId,
    sentence: one.sentence,
  }));
}

/** The dots of the readers, before the fact; alone where there is none. */
function pipsOf(plan: Plan, texts: PlacedTexts): readonly Pip[] {
  return plan.found.past.flatMap((one) => {
    const lane = plan.lane(one.service);
    if (lane.folded || !plan.options.readers) {
      return [];
    }
    return one.pips.map((pip, index) => {
      const placed = { x: plan.x(one.id) + 20 + index * PIP, y: lane.y + FACT_DOWN - 4 };
      texts.take({ x1: placed.x - 4, x2: placed.x + 4, y1: placed.y - 4, y2: placed.y + 4 });
      return { id: `${one.id}/pip/${index}`, ...placed, handled: pip.handled, late: pip.late, of: one.id };
    });
  });
}

function bandsWithSlashes(plan: Plan, texts: PlacedTexts, links: Links): readonly Band[] {
  const drawn: readonly Box[] = [
    ...links.bars.map((bar) => ({ x1: bar.x, x2: bar.x + bar.width, y1: bar.y, y2: bar.y + bar.height })),
    ...links.wires
      .flatMap((wire) => wire.segments)
      .map(({ x1, y1, x2, y2 }) => ({ x1, x2, y1: Math.min(y1, y2) - 1, y2: Math.max(y1, y2) + 1 })),
  ];
  return bandsOf(plan.columns, plan.places).map((band) => {
    const slashes = plan.lanes
      .map((lane) => lane.y)
      .filter((y) => {
        const ground = { x1: band.x, x2: band.x + BAND, y1: y - 6, y2: y + 6 };
        return !drawn.some((box) => meets(box, ground)) && !texts.texts.some((text) => meets(boxOf(text), ground));
      });
    const axis = { x1: band.x, x2: band.x + BAND, y1: AXIS - 10, y2: AXIS };
    return { x: band.x, width: BAND, slashes, onAxis: !texts.texts.some((text) => meets(boxOf(text), axis)) };
  });
}

function ticksOf(plan: Plan): readonly Tick[] {
  const marks = plan.found.past.map(
    (one): Tick => ({
      id: one.id,
      x: plan.x(one.id),
      kind: one.minor ? 'note' : isBack(one) ? 'back' : 'ok',
    }),
  );
  const bands = bandsOf(plan.columns, plan.places).flatMap((band, index): Tick[] => [
    { id: `gap/${index}/1`, x: band.x + 2, kind: 'gap' },
    { id: `gap/${index}/2`, x: band.x + BAND - 2, kind: 'gap' },
  ]);
  const due: Tick[] = plan.due === null ? [] : [{ id: 'due', x: plan.places.xs[plan.due.column] ?? 0, kind: 'late' }];
  return [...marks, ...bands, ...due];
}
