import { useRef } from 'react';
import type { EdgeDetail } from '../../../src/contract/services.ts';
import { clockTime, rate, useWidth } from '../parts/index.ts';
import { steps } from './steps.ts';

type Points = EdgeDetail['history'];

/** A point is a quarter of a minute. */
const POINT_SECONDS = 15;
const HEIGHT = 96;
const [LEFT, TOP, BOTTOM] = [30, 6, HEIGHT - 20];
/** Between two times on the axis, at least. */
const APART = 90;

/** How many a second were said, and how many were handled. The space between the lines is what waits. */
export function History({ history }: { readonly history: Points }) {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const last = history.at(-1);
  const said = (last?.said ?? 0) / POINT_SECONDS;
  const handled = (last?.handled ?? 0) / POINT_SECONDS;
  return (
    <figure className="hist">
      <div ref={place}>
        <svg width={width} height={HEIGHT} role="img" aria-label={words(history)}>
          {width > LEFT && history.length > 1 && <Chart history={history} width={width} />}
        </svg>
      </div>
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

function Chart({ history, width }: { readonly history: Points; readonly width: number }) {
  const most = Math.max(
    1,
    ...history.flatMap(({ said, handled }) => [said, handled]).map((one) => one / POINT_SECONDS),
  );
  const each = (width - LEFT - 1) / (history.length - 1);
  const x = (index: number): number => LEFT + index * each;
  const y = (perSecond: number): number => BOTTOM - (perSecond / most) * (BOTTOM - TOP);
  const line = (of: 'said' | 'handled'): readonly string[] =>
    history.map((point, index) => `${x(index).toFixed(1)} ${y(point[of] / POINT_SECONDS).toFixed(1)}`);
  const [said, handled] = [line('said'), line('handled')];
  const every = Math.max(1, Math.ceil(APART / each));
  return (
    <>
      {steps(most).map((value) => (
        <g key={value}>
          <path className="hi-grid" d={`M${LEFT} ${y(value)}H${width}`} />
          <text x={LEFT - 6} y={y(value) + 3.5} textAnchor="end">
            {value}
          </text>
        </g>
      ))}
      {history.map(({ at }, index) =>
        index % every === 0 && x(index) + APART / 2 < width ? (
          <text key={at} x={x(index)} y={HEIGHT - 4}>
            {clockTime(at).slice(0, 5)}
          </text>
        ) : null,
      )}
      <path className="hi-between" d={`M${said.join('L')}L${handled.toReversed().join('L')}Z`} />
      <path className="hi-said" d={`M${said.join('L')}`} />
      <path className="hi-handled" d={`M${handled.join('L')}`} />
    </>
  );
}

function words(history: Points): string {
  const last = history.at(-1);
  if (last === undefined) return 'Nothing was said in the past quarter of an hour';
  const stopped = history.findLast(({ handled }) => handled > 0);
  const [said, handled] = [last.said / POINT_SECONDS, last.handled / POINT_SECONDS].map(rate);
  const since = last.handled === 0 && last.said > 0 && stopped ? `, none since ${clockTime(stopped.at)}` : '';
  return `In ${said} a second; handled ${handled} a second${since}`;
}
