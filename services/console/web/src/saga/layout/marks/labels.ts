import type { LaneBox, Measure, Text, Tone } from '../scene/scene.ts';
import { FACT_DOWN, LINE, NAME_UP, PIP, RADIUS, TEXT_FROM } from '../scene/sizes.ts';
import type { Line, Occurrence } from './occurrences.ts';

/** The texts beside one mark, with places relative to its x. */
export interface Label {
  readonly lines: readonly LabelLine[];
  readonly anchor: 'start' | 'end';
  /** How far it reaches to the right and to the left of the mark's x. */
  readonly right: number;
  readonly left: number;
}

export interface LabelLine {
  readonly kind: 'name' | 'fact';
  readonly text: string;
  readonly tone: Tone;
  readonly width: number;
  /** Of its near end, right of the mark, or left of it when it ends there. */
  readonly from: number;
  readonly y: number;
}

/** Heights of a line of text above and below its baseline. */
export const ASCENT = 9;
export const DESCENT = 3;

export const isLarge = (kind: Occurrence['kind']): boolean => kind === 'overdue' || kind === 'undo-failed';

export function labelOf(
  one: Occurrence,
  lane: LaneBox,
  anchor: 'start' | 'end',
  measure: Measure,
  widest: number,
): Label {
  const near =
    TEXT_FROM + (isLarge(one.kind) ? 3 : one.minor && (one.kind === 'noted' || one.kind === 'ignored') ? -4 : 0);
  const lines: LabelLine[] = [];
  if (one.name !== null) {
    lines.push({
      kind: 'name',
      text: one.name.text,
      tone: one.name.tone,
      width: measure(one.name.text, 'name'),
      from: near,
      y: lane.y - NAME_UP,
    });
  }
  if (!lane.folded) {
    const pips = one.pips.length === 0 ? 0 : one.pips.length * PIP + 3;
    const facts = one.facts.length > 1 ? one.facts : one.facts.flatMap((fact) => wrapped(fact, measure, widest));
    facts.forEach((fact, index) => {
      lines.push({
        kind: 'fact',
        text: fact.text,
        tone: fact.tone,
        width: measure(fact.text, 'fact'),
        from: near + (index === 0 ? pips : 0),
        y: lane.y + FACT_DOWN + index * LINE,
      });
    });
  }
  const far = Math.max(RADIUS + 2, ...lines.map((line) => line.from + line.width), near + one.pips.length * PIP);
  return anchor === 'start'
    ? { lines, anchor, right: far, left: RADIUS + 2 }
    : { lines, anchor, right: RADIUS + 2, left: far };
}

/** A fact in at most two lines: it is never cut. */
function wrapped(fact: Line, measure: Measure, widest: number): readonly Line[] {
  const words = fact.text.split(' ');
  if (words.length < 2 || measure(fact.text, 'fact') <= widest) {
    return [fact];
  }
  let best: readonly string[] = [fact.text];
  let least = Number.POSITIVE_INFINITY;
  for (let cut = 1; cut < words.length; cut++) {
    const pair = [words.slice(0, cut).join(' '), words.slice(cut).join(' ')];
    const width = Math.max(...pair.map((line) => measure(line, 'fact')));
    if (width < least) {
      [best, least] = [pair, width];
    }
  }
  return best.map((text) => ({ text, tone: fact.tone }));
}

/** The texts of a label, once its mark has a place. */
export const textsOf = (one: Occurrence, label: Label, x: number): readonly Text[] =>
  label.lines.map((line, index) => ({
    id: `${one.id}/text/${index}`,
    kind: line.kind,
    tone: line.tone,
    x: label.anchor === 'start' ? x + line.from : x - line.from,
    y: line.y,
    anchor: label.anchor,
    width: line.width,
    spans: [{ text: line.text, strong: false }],
    of: one.id,
  }));
