import { figureOf } from '../../../../../src/saga/words.ts';
import { DEADLINE, NOW, type Plan } from '../columns/plan.ts';
import { bandsOf } from '../columns/scale.ts';
import { turnWords } from '../marks/turn-words.ts';
import { after, clock } from '../scene/durations.ts';
import type { Text, Tone, VerticalLine } from '../scene/scene.ts';
import { AXIS, BAND, OVER_HIGH } from '../scene/sizes.ts';
import type { PlacedTexts } from './placed-texts.ts';

export interface Axis {
  readonly height: number;
  readonly lines: readonly VerticalLine[];
}

const FLAG = 14;
const LABEL = 34;
export const NOW_PAD = 10;

/** The lines through the lanes, and everything that is written above them. */
export function axisOf(plan: Plan, texts: PlacedTexts, isPast: boolean): Axis {
  const lines: VerticalLine[] = [];
  const { measure } = plan.options;
  const start = plan.columns[0]?.at ?? 0;
  const bottom = (plan.lanes.at(-1)?.top ?? 0) + (plan.lanes.at(-1)?.height ?? 0);
  const flag = (id: string, words: string, x: number, anchor: Text['anchor'], tone: Tone): Text => ({
    id: `flag/${id}`,
    kind: 'flag',
    tone,
    x,
    y: FLAG,
    anchor,
    width: measure(words, 'flag'),
    spans: [{ text: words, strong: false }],
    of: null,
  });
  if (plan.index.has(NOW)) {
    const at = plan.columns[plan.index.get(NOW) ?? 0]?.at ?? 0;
    const x = plan.x(NOW);
    lines.push({ x, kind: 'now', y1: 20, y2: bottom });
    const words = `${isPast ? 'then' : 'now'} +${figureOf(at - start)}`;
    const text = flag('now', words, x, 'middle', 'accent');
    texts.set({ ...text, y: 15, width: text.width + 2 * NOW_PAD });
  }
  if (plan.due !== null) {
    const x = plan.places.xs[plan.due.column] ?? 0;
    lines.push({ x, kind: 'due', y1: 19, y2: plan.lane(plan.due.step.service).y + OVER_HIGH / 2 });
    const after = Date.parse(plan.due.step.dueAt ?? '') - start;
    texts.set(flag('due', `due +${figureOf(after)}`, x, 'middle', 'alarm'), flag('due', 'due', x, 'middle', 'alarm'));
  }
  if (plan.index.has(DEADLINE)) {
    const x = plan.x(DEADLINE);
    const left = Date.parse(plan.detail.deadlineAt ?? '') - Date.parse(plan.detail.now);
    const undo = (plan.detail.ledger.held?.amount ?? 0) > 0 ? ', refunds' : '';
    lines.push({ x, kind: 'deadline', y1: 20, y2: bottom });
    texts.set(
      ...[
        `in ${figureOf(left)} the order cancels itself${undo}`,
        `cancels itself in ${figureOf(left)}`,
        `in ${figureOf(left)}`,
      ].map((words) => flag('deadline', words, x - 6, 'end', 'caution')),
    );
  }
  if (plan.turn !== null) {
    const x = plan.x(plan.turn.id);
    lines.push({ x, kind: 'turn', y1: 4, y2: bottom });
    texts.set(flag('there', 'there', x - 8, 'end', 'ghost'));
    texts.set(
      ...[`back: ${turnWords(plan.turn, plan.detail)}`, 'back'].map((words) =>
        flag('back', words, x + 8, 'start', 'back'),
      ),
    );
  }
  for (const line of lines.filter((one) => one.kind !== 'now' || !isPast)) {
    texts.take({ x1: line.x - 1, x2: line.x + 1, y1: line.y1, y2: line.y2 });
  }
  writeTimes(plan, texts, start);
  return { height: AXIS, lines };
}

/** The start is absolute, the rest counts from it. Where two would meet, the later one is left out: its mark has it. */
function writeTimes(plan: Plan, texts: PlacedTexts, start: number): void {
  const events = plan.columns.filter((column) => column.role === 'event');
  const text = (id: string, words: string, x: number, anchor: Text['anchor']): Text => ({
    id: `axis/${id}`,
    kind: 'axis',
    tone: 'ghost',
    x,
    y: LABEL,
    anchor,
    width: plan.options.measure(words, 'axis') + (anchor === 'middle' ? 8 : 4),
    spans: [{ text: words, strong: false }],
    of: null,
  });
  const last = events.at(-1);
  const ordered = last === undefined ? events : [events[0] ?? last, last, ...events.slice(1, -1)];
  for (const column of new Set(ordered)) {
    const x = plan.x(column.id);
    if (column === events[0]) {
      texts.set(text(column.id, clock(column.at ?? 0), x - 10, 'start'));
      continue;
    }
    const words = `+${after((column.at ?? 0) - start)}`;
    const bare = words.replace(/ ms$/, '');
    const isTurn = plan.turn?.id === column.id;
    const variants = column === last || column === events[1] ? [words, bare] : [bare];
    texts.set(
      ...variants.map((variant) => {
        const middle = text(column.id, variant, x, 'middle');
        const isOutside = x + middle.width / 2 > plan.places.width;
        return isTurn
          ? text(column.id, variant, x - 6, 'end')
          : isOutside
            ? text(column.id, variant, plan.places.width - 4, 'end')
            : middle;
      }),
    );
  }
}

/** How long each squeezed stretch is, at its top; beside its middle where a line is in the way. */
export function writeBands(plan: Plan, texts: PlacedTexts): void {
  for (const [index, band] of bandsOf(plan.columns, plan.places).entries()) {
    const words = figureOf(band.ms);
    const width = plan.options.measure(words, 'band');
    const text = (x: number, anchor: Text['anchor']): Text => ({
      id: `band/${index}`,
      kind: 'band',
      tone: 'plain',
      x,
      y: AXIS + 14,
      anchor,
      width,
      spans: [{ text: words, strong: false }],
      of: null,
    });
    texts.set(text(band.x + BAND / 2, 'middle'), text(band.x, 'start'), text(band.x + BAND, 'end'));
  }
}
