import { figureOf } from '../../../../../src/saga/words.ts';
import type { Plan } from '../columns/plan.ts';
import type { Hop } from '../marks/hops.ts';
import type { Span, Text } from '../scene/scene.ts';
import { seamsOf } from '../scene/seam-bars.ts';
import { OVER_HIGH } from '../scene/sizes.ts';
import type { Links } from './links.ts';
import { boxOf, type PlacedTexts } from './placed-texts.ts';

const DOWN = 20;

/** The numbers under the seams, the words over a wait that is overdue, and `noted` under the dots: each where there is room. */
export function seamTexts(plan: Plan, links: Links, texts: PlacedTexts): void {
  const { measure } = plan.options;
  const text = (
    id: string,
    kind: Text['kind'],
    spans: readonly Span[],
    x: number,
    y: number,
    anchor: Text['anchor'],
    of: string | null,
  ): Text => ({
    id,
    kind,
    tone: kind === 'over' ? 'alarm' : 'ghost',
    x,
    y,
    anchor,
    width: measure(spans.map((span) => span.text).join(''), kind) + (kind === 'seams' ? 4 : 0),
    spans,
    of,
  });
  for (const bar of links.bars.filter((one) => one.kind === 'over')) {
    const dueAt =
      plan.detail.steps.find((step) => bar.id.startsWith(`due/${step.id}`))?.dueAt ??
      links.rows.find((row) => bar.id.startsWith(`${row.hop.id}/`))?.hop.owed?.dueAt;
    const late = dueAt == null ? 0 : Date.parse(plan.detail.now) - Date.parse(dueAt);
    const middle = bar.x + bar.width / 2;
    const y = bar.y + OVER_HIGH / 2 - 15;
    texts.set(
      ...[`${figureOf(late)} overdue`, figureOf(late)].map((words) =>
        text(`${bar.id}/text`, 'over', [{ text: words, strong: true }], middle, y, 'middle', bar.to),
      ),
    );
  }
  for (const row of links.rows) {
    if (plan.lane(row.hop.toService).folded || (row.hop.to !== null && !isAnswer(plan, row.hop))) {
      continue;
    }
    const id = `${row.hop.id}/numbers`;
    const y = row.y + DOWN;
    texts.set(
      ...variantsOf(plan, row.hop).map((spans) =>
        text(id, 'seams', spans, row.x + 1, y, 'start', row.hop.to ?? row.hop.owed?.id ?? null),
      ),
    );
  }
  for (const one of plan.found.past) {
    const lane = plan.lane(one.service);
    if (lane.folded) {
      continue;
    }
    const x = plan.x(one.id);
    if (one.kind === 'noted' && one.name === null) {
      texts.set(
        text(`${one.id}/noted`, 'fact', [{ text: 'noted', strong: false }], x, lane.y + DOWN - 2, 'middle', one.id),
      );
    }
    if (one.kind === 'duplicate') {
      const y = lane.y + DOWN;
      const lines = ['duplicate,', 'dropped'].map((words, index) =>
        text(
          `${one.id}/duplicate/${index}`,
          'fact',
          [{ text: words, strong: false }],
          x,
          y + index * 12,
          'middle',
          one.id,
        ),
      );
      if (lines.every((line) => texts.isFree(boxOf(line)))) {
        for (const line of lines) {
          texts.set(line);
        }
      }
    }
  }
}

const isAnswer = (plan: Plan, hop: Hop): boolean => plan.found.past.some((one) => one.id === hop.to && !one.minor);

/** From the fullest to the shortest. */
function variantsOf(plan: Plan, hop: Hop): readonly (readonly Span[])[] {
  const strong = (words: string): Span => ({ text: words, strong: true });
  const plain = (words: string): Span => ({ text: words, strong: false });
  const seams = hop.reading === null ? [] : seamsOf(hop.reading.seams);
  if (hop.to === null) {
    const since = plan.found.past.find((one) => one.id === hop.from)?.at ?? 0;
    const waits = Date.parse(plan.detail.now) - since;
    const length = figureOf(waits);
    if (hop.waitsIn === 'call') {
      const tries = `${hop.work?.name ?? 'call'}, ${hop.work?.attempts} tries`;
      return [[strong(tries), plain(hop.work?.lastError == null ? '' : `, ${hop.work.lastError}`)], [strong(tries)]];
    }
    const where = { topic: 'waiting in the topic', outbox: 'in the outbox', handler: 'at work', call: '' }[
      hop.waitsIn ?? 'topic'
    ];
    const behind = seams.filter(({ seam }) => seam !== 'handler' && !(seam === 'wait' && hop.waitsIn === 'topic'));
    const numbers = behind.map(({ ms }) => plain(`${figure(ms)}·`));
    return [
      [...numbers, strong(`${length} ${where}`)],
      [strong(`${length} ${where.replace('waiting ', '')}`)],
      [strong(length)],
    ];
  }
  const most = Math.max(...seams.map(({ ms }) => ms));
  const sum = seams.reduce((total, { ms }) => total + ms, 0);
  const marked = seams.findIndex(({ ms }) => ms === most);
  const numbers = seams.map(({ ms }, index): Span => {
    const isLast = index === seams.length - 1;
    return { text: `${isLast ? figureOf(ms) : `${figure(ms)}·`}`, strong: index === marked };
  });
  return seams.length > 1 ? [numbers, [strong(figureOf(sum))]] : [[strong(figureOf(sum))]];
}

const figure = (ms: number): string => (ms < 1000 ? String(Math.round(ms)) : figureOf(ms));
