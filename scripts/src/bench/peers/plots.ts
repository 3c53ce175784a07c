import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { axisFy, barX, gridX, plot, ruleY, text } from '@observablehq/plot';
import { StartError } from '@troupe/embedded';
import { parseHTML } from 'linkedom';
import { type PeersFigures, titleOf } from './runs.ts';
import { type Metric, type Spread, spreadOf } from './summary.ts';

interface Plot {
  readonly file: string;
  readonly title: string;
  readonly better: 'More is better' | 'Less is better';
  /** A bar for each, with its label; none where there is one. */
  readonly bars: Readonly<Partial<Record<Metric, string>>>;
  readonly digits: number;
}

const MORE = { better: 'More is better', digits: 0 } as const;
const LESS = { better: 'Less is better', digits: 0 } as const;
const ENDED = 'From request to CONFIRMED';

const PLOTS: readonly Plot[] = [
  { file: 'throughput', title: 'Sagas per second, 256 in flight', bars: { sagasPerSecond: '' }, ...MORE },
  { file: 'backlog', title: 'Sagas per second from a backlog', bars: { backlogSagasPerSecond: '' }, ...MORE },
  { file: 'one-product', title: 'Sagas per second, one product for all', bars: { hotSagasPerSecond: '' }, ...MORE },
  { file: 'cpu', title: 'CPU-ms per saga, all processes', bars: { cpuMsPerSaga: '' }, ...LESS, digits: 2 },
  { file: 'latency-20', title: `${ENDED} at 20/s, ms`, bars: { calmP50Ms: 'p50', calmP99Ms: 'p99' }, ...LESS },
  { file: 'latency-200', title: `${ENDED} at 200/s, ms`, bars: { busyP50Ms: 'p50', busyP99Ms: 'p99' }, ...LESS },
];

interface Bar extends Spread {
  readonly system: string;
  readonly isOurs: boolean;
  readonly label: string;
}

/** The pictures of a comparison, by file name. Systems without a figure are left out; so is a picture without systems. */
export function plotsOf(figures: PeersFigures): ReadonlyMap<string, string> {
  const drawn = PLOTS.map((one) => [`${one.file}.svg`, one, barsOf(one, figures)] as const);
  return new Map(drawn.filter(([, , bars]) => bars.length > 0).map(([file, one, bars]) => [file, svgOf(one, bars)]));
}

function barsOf({ bars }: Plot, { measured }: PeersFigures): Bar[] {
  return measured.flatMap((entry) =>
    Object.entries(bars).flatMap(([metric, label]) => {
      const spread = spreadOf(entry.runs, metric as Metric);
      return spread === undefined
        ? []
        : [{ ...spread, system: titleOf(entry), isOurs: entry.system === 'ours', label }];
    }),
  );
}

/** Colours that are seen on a light and on a dark page, since a picture does not inherit those of the page. */
const COLOURS = { text: '#738091', ours: '#1098ad', peer: '#9aa5b1' };

/** Bars from zero: the median, with a line from the least to the most of the runs. */
function svgOf({ title, better, digits }: Plot, bars: readonly Bar[]): string {
  const { document } = parseHTML('<html></html>');
  const rows = { fy: 'system', y: 'label' } as const;
  const number = (value: number): string =>
    value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const svg = plot({
    document,
    width: 760,
    height: 60 + bars.length * 28,
    marginLeft: 170,
    marginRight: 110,
    style: { fontSize: '13px', color: COLOURS.text },
    x: { label: `${title}. ${better}.`, labelArrow: 'none', labelAnchor: 'center' },
    y: { axis: null },
    fy: { domain: [...new Set(bars.map(({ system }) => system))] },
    marks: [
      gridX(),
      axisFy({ anchor: 'left', label: null }),
      barX(bars, { ...rows, x: 'median', fill: ({ isOurs }: Bar) => (isOurs ? COLOURS.ours : COLOURS.peer) }),
      ruleY(bars, { ...rows, x1: 'least', x2: 'most' }),
      text(bars, {
        ...rows,
        x: 'most',
        text: ({ label, median }: Bar) => `${label} ${number(median)}`.trim(),
        dx: 8,
        textAnchor: 'start',
      }),
    ],
  });
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return `${svg.outerHTML}\n`;
}

/**
 * Writes the pictures of a comparison into a folder, and the JSON that they were drawn from beside them. Answers their
 * names. @throws StartError when the file is none of `--peers --json`, or tells of runs that went wrong.
 */
export function writePlots(file: string, folder: string): string[] {
  const figures = figuresIn(file);
  const plots = plotsOf(figures);
  mkdirSync(folder, { recursive: true });
  for (const [name, svg] of plots) writeFileSync(path.join(folder, name), svg);
  writeFileSync(path.join(folder, 'peers.json'), `${JSON.stringify(figures, undefined, 1)}\n`);
  return [...plots.keys(), 'peers.json'];
}

function figuresIn(file: string): PeersFigures {
  const fault = (why: string) =>
    new StartError([`${file} ${why}. Give the output of: npm run --silent bench -- --peers --json`]);
  let read: (PeersFigures & { readonly ok: boolean }) | undefined;
  try {
    read = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw fault(`cannot be read: ${(error as Error).message}`);
  }
  if (!Array.isArray(read?.measured)) throw fault('holds no comparison');
  if (!read.ok) throw fault('tells of runs that went wrong');
  return read;
}
