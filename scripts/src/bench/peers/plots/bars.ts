import type { Spread } from '../summary.ts';
import { type Scale, scaleOf } from './scale.ts';

export interface Bar {
  /** Told beside the value; none where a group has one bar. */
  readonly label?: string;
  readonly spread: Spread;
}

export interface Group {
  readonly title: string;
  /** Ours stands out. */
  readonly ours: boolean;
  readonly bars: readonly Bar[];
}

export interface BarChart {
  readonly title: string;
  readonly subtitle: string;
  readonly groups: readonly Group[];
  /** Digits behind the point. */
  readonly digits: number;
}

const WIDTH = 760;
const LEFT = 210;
const RIGHT = 110;
const TOP = 72;
const BAR = 20;
const GAP = 4;
const BETWEEN = 16;
const SPAN = WIDTH - LEFT - RIGHT;

/** Text and colours of their own in light and dark, since a picture does not inherit those of the page. */
const STYLE = `
  text { font: 14px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2933; }
  .title { font-size: 17px; font-weight: 600; } .quiet { fill: #52606d; font-size: 13px; }
  .grid { stroke: #d5dbe1; } .whisker { stroke: #1f2933; stroke-width: 1.5; }
  .ours { fill: #0b7285; } .peer { fill: #9aa5b1; } .second { opacity: 0.6; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e4e7eb; } .quiet { fill: #b3bcc6; } .grid { stroke: #3e4c59; } .whisker { stroke: #e4e7eb; }
    .ours { fill: #3bc9db; } .peer { fill: #7b8794; }
  }`;

/** Horizontal bars from zero: the median, with a line from the least to the most of the runs. */
export function barChart(chart: BarChart): string {
  const { title, subtitle, groups, digits } = chart;
  const scale = scaleOf(groups.flatMap(({ bars }) => bars.map(({ spread }) => spread.most)));
  const rows = groups.reduce<{ y: number; parts: string[] }>(
    ({ y, parts }, group) => ({
      y: y + heightOf(group) + BETWEEN,
      parts: [...parts, groupAt(y, group, { scale, digits })],
    }),
    { y: TOP, parts: [] },
  );
  const bottom = rows.y - BETWEEN / 2;
  const grid = scale.ticks.map((tick) => {
    const x = LEFT + SPAN * scale.position(tick);
    return (
      `<line class="grid" x1="${px(x)}" x2="${px(x)}" y1="${TOP - 8}" y2="${px(bottom)}"/>` +
      `<text class="quiet" x="${px(x)}" y="${px(bottom + 18)}" text-anchor="middle">${number(tick)}</text>`
    );
  });
  const height = bottom + 32;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${px(height)}" width="${WIDTH}" height="${px(height)}" role="img" aria-label="${escaped(title)}">
<style>${STYLE}</style>
<text class="title" x="16" y="28">${escaped(title)}</text>
<text class="quiet" x="16" y="48">${escaped(subtitle)}</text>
${[...grid, ...rows.parts].join('\n')}
</svg>
`;
}

const heightOf = ({ bars }: Group): number => bars.length * (BAR + GAP) - GAP;

interface Drawing {
  readonly scale: Scale;
  readonly digits: number;
}

function groupAt(y: number, group: Group, drawing: Drawing): string {
  const middle = y + heightOf(group) / 2 + 5;
  const name = `<text x="${LEFT - 12}" y="${px(middle)}" text-anchor="end">${escaped(group.title)}</text>`;
  const bars = group.bars.map((bar, index) => {
    const kind = `${group.ours ? 'ours' : 'peer'}${index === 0 ? '' : ' second'}`;
    return barAt(y + index * (BAR + GAP), { ...bar, kind }, drawing);
  });
  return [name, ...bars].join('\n');
}

function barAt(
  y: number,
  { spread, label, kind }: Bar & { readonly kind: string },
  { scale, digits }: Drawing,
): string {
  const at = (value: number): number => LEFT + SPAN * scale.position(value);
  const { median, least, most } = spread;
  const middle = y + BAR / 2;
  const whisker =
    least === most
      ? ''
      : `<line class="whisker" x1="${px(at(least))}" x2="${px(at(most))}" y1="${px(middle)}" y2="${px(middle)}"/>`;
  const text = `${label === undefined ? '' : `${label} `}${number(median, digits)}`;
  return (
    `<rect class="${kind}" x="${LEFT}" y="${px(y)}" width="${px(at(median) - LEFT)}" height="${BAR}" rx="2"/>${whisker}` +
    `<text x="${px(at(most) + 8)}" y="${px(middle + 5)}">${escaped(text)}</text>`
  );
}

const px = (value: number): string => String(Math.round(value * 10) / 10);

const number = (value: number, digits?: number): string =>
  value.toLocaleString(
    'en-US',
    digits === undefined ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits },
  );

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
