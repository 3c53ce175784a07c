import type { Plan } from '../columns/plan.ts';
import { tiePath } from '../scene/path.ts';
import type { Text, Tie, Wire } from '../scene/scene.ts';
import { FOLDED, TIE_DOWN } from '../scene/sizes.ts';
import { boxOf, type PlacedTexts } from './placed-texts.ts';

/** What an undo did to what it undid: the last word of its name. `InventoryReleased`: released. */
export const verbOf = (event: string): string => (/[A-Z][a-z]+$/.exec(event)?.[0] ?? event).toLowerCase();

/** In each lane, from the undo back to what it undid. */
export function tiesOf(
  plan: Plan,
  texts: PlacedTexts,
  wires: readonly Wire[],
): { readonly ties: readonly Tie[]; readonly texts: readonly Text[] } {
  const ties: Tie[] = [];
  const verbs: Text[] = [];
  for (const step of plan.detail.steps) {
    const undone = plan.detail.steps.find((other) => other.id === step.undoes);
    if (step.eventId === null || undone === undefined || !plan.index.has(step.id) || !plan.index.has(undone.id)) {
      continue;
    }
    const [from, to] = [plan.x(step.id), plan.x(undone.id)];
    const lane = plan.lane(step.service);
    if (undone.service !== step.service || from <= to) {
      continue;
    }
    const below = lane.y + (lane.height === FOLDED ? 16 : TIE_DOWN);
    ties.push({ ...tiePath(from, to, lane.y, below), id: `tie/${step.id}`, from: step.id, to: undone.id });
    const verb = lane.folded ? null : place(plan, texts, wires, step.id, verbOf(step.event), [to, from], below);
    if (verb !== null) {
      texts.take(boxOf(verb));
      verbs.push(verb);
    }
  }
  return { ties, texts: verbs };
}

/** In the widest stretch that no vertical crosses. */
function place(
  plan: Plan,
  texts: PlacedTexts,
  wires: readonly Wire[],
  id: string,
  verb: string,
  [left, right]: readonly [number, number],
  y: number,
): Text | null {
  const width = plan.options.measure(verb, 'tie');
  const crossings = wires
    .flatMap((wire) => wire.segments)
    .filter(
      (segment) =>
        segment.x1 === segment.x2 && Math.min(segment.y1, segment.y2) < y && Math.max(segment.y1, segment.y2) > y - 8,
    )
    .map((segment) => segment.x1)
    .concat(plan.turn === null ? [] : [plan.x(plan.turn.id)])
    .filter((x) => x > left && x < right);
  const edges = [left, ...crossings.sort((a, b) => a - b), right];
  const stretches = edges
    .slice(1)
    .map((edge, index) => ({ middle: (edge + (edges[index] ?? 0)) / 2, width: edge - (edges[index] ?? 0) }));
  const text = (x: number): Text => ({
    id: `${id}/verb`,
    kind: 'tie',
    tone: 'back',
    x,
    y: y + 3,
    anchor: 'middle',
    width,
    spans: [{ text: verb, strong: false }],
    of: id,
  });
  for (const stretch of stretches.sort((a, b) => b.width - a.width)) {
    if (stretch.width > width + 10 && texts.isFree(boxOf(text(stretch.middle)))) {
      return text(stretch.middle);
    }
  }
  return null;
}
