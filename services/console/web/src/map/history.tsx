import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import type { EdgeDetail } from '../../../src/contract/services.ts';
import { clockTime, rate } from '../parts/index.ts';
import 'uplot/dist/uPlot.min.css';

type History = EdgeDetail['history'];

/** A point is a quarter of a minute. */
const POINT_SECONDS = 15;
const HEIGHT = 96;

/** How many a second were said, and how many were handled. The space between the lines is what waits. */
export default function HistoryChart({ history }: { readonly history: History }) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const theme = useTheme();
  const data = dataOf(history);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a canvas takes its colours once; another theme is another chart.
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const made = new uPlot(options(element), data, element);
    chart.current = made;
    const resize = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      made.destroy();
    };
  }, [theme]);
  useEffect(() => chart.current?.setData(data), [data]);
  const last = history.at(-1);
  const said = (last?.said ?? 0) / POINT_SECONDS;
  const handled = (last?.handled ?? 0) / POINT_SECONDS;
  return (
    <figure className="hist">
      <div ref={place} role="img" aria-label={words(history)} />
      <figcaption>
        <span>
          <i className="hi-in" />
          in {rate(said)}/s
        </span>
        <span className={handled < said / 2 && said > 0.1 ? 'alarm-t' : ''}>
          <i className="hi-out" />
          handled {rate(handled)}/s
        </span>
      </figcaption>
    </figure>
  );
}

function dataOf(history: History): uPlot.AlignedData {
  return [
    history.map(({ at }) => Date.parse(at) / 1000),
    history.map(({ said }) => said / POINT_SECONDS),
    history.map(({ handled }) => handled / POINT_SECONDS),
  ];
}

function options(element: HTMLElement): uPlot.Options {
  const [wire, alarm, line, text] = ['--wire', '--alarm', '--line-1', '--tx-3'].map((name) => colour(element, name));
  const axis = {
    stroke: text ?? '',
    grid: { stroke: line ?? '', width: 1 },
    ticks: { show: false },
    font: '10.5px monospace',
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    padding: [6, 0, 0, 0],
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 90,
        size: 20,
        values: (_, splits) => splits.map((at) => clockTime(at * 1000).slice(0, 5)),
      },
      { ...axis, size: 30, space: 30, values: (_, splits) => splits.map((value) => String(value)) },
    ],
    scales: { y: { range: (_, __, most) => [0, Math.max(1, most)] } },
    series: [
      {},
      { stroke: wire ?? '', width: 1.5, points: { show: false } },
      { stroke: alarm ?? '', width: 1.8, dash: [4, 2], points: { show: false } },
    ],
    bands: [{ series: [1, 2], fill: `color-mix(in oklab, ${alarm} 16%, transparent)` }],
  };
}

/** A token as a colour that a canvas understands. */
function colour(element: HTMLElement, token: string): string {
  const probe = document.createElement('i');
  probe.style.color = `var(${token})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Changes when the colours do. */
function useTheme(): string {
  const [theme, setTheme] = useState(themeNow);
  useEffect(() => {
    const look = () => setTheme(themeNow());
    const media = matchMedia('(prefers-color-scheme: dark)');
    const chosen = new MutationObserver(look);
    chosen.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    media.addEventListener('change', look);
    return () => {
      chosen.disconnect();
      media.removeEventListener('change', look);
    };
  }, []);
  return theme;
}

const themeNow = (): string =>
  document.documentElement.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');

function words(history: History): string {
  const last = history.at(-1);
  if (last === undefined) return 'Nothing was said in the past quarter of an hour';
  const stopped = history.findLast(({ handled }) => handled > 0);
  const [said, handled] = [last.said / POINT_SECONDS, last.handled / POINT_SECONDS].map(rate);
  const since = last.handled === 0 && last.said > 0 && stopped ? `, none since ${clockTime(stopped.at)}` : '';
  return `In ${said} a second; handled ${handled} a second${since}`;
}
