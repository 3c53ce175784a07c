import type { ReactElement } from 'react';
import type { StepState, TrailMark } from '../../../../src/contract/saga.ts';
import { MARK_WORDS } from './mark-kinds.ts';
import { layTrail, type PlacedMark, TRAIL_HEIGHT, TRAIL_WIDTH } from './trail-layout.ts';

/** The marks of the grammar, small enough for a row. */
const SHAPES: Readonly<Record<StepState, ReactElement>> = {
  done: <circle r="3.6" className="f-ok" />,
  running: (
    <>
      <circle r="3.4" className="t-run" />
      <circle r="1.3" className="f-live" />
    </>
  ),
  expected: <circle r="2.6" className="t-exp" />,
  overdue: <path d="M0-5.4 5.4 0 0 5.4-5.4 0z" className="f-alarm" />,
  refused: <rect x="-3.6" y="-3.6" width="7.2" height="7.2" rx="1" className="f-undo" />,
  undone: <circle r="2.9" className="t-undone" />,
  'undo-done': <path d="M3-3.6v7.2L-3.4 0z" className="f-undo" />,
  'undo-running': <path d="M3-3.6v7.2L-3.4 0z" className="t-undoing" />,
  'undo-expected': <path d="M3-3.6v7.2L-3.4 0z" className="t-exp" />,
  'undo-failed': <path d="M0-4.6 4.6 0 0 4.6-4.6 0z" className="f-alarm" />,
  person: <path d="M0-4.6 4-2.3v4.6L0 4.6-4 2.3v-4.6z" className="t-person" />,
  unexpected: <path d="M0-4.4 4.4 3.6h-8.8z" className="t-person" />,
  dead: <path d="M-1.9-4.6h3.8l2.7 2.7v3.8L1.9 4.6h-3.8l-2.7-2.7v-3.8z" className="f-alarm" />,
  parked: <rect x="-3.6" y="-3.6" width="7.2" height="7.2" rx="1.2" className="t-park" />,
  skipped: <circle r="1.2" className="f-wire" />,
};
const LINES = { there: 't-line', back: 't-undo', dotted: 't-dots' } as const;

/** A saga in 128 × 22: the upper rail there, the lower rail back. */
export function Trail({ there, back }: { readonly there: readonly TrailMark[]; readonly back: readonly TrailMark[] }) {
  const { marks, lines } = layTrail(there, back);
  return (
    <svg
      className="trail"
      width={TRAIL_WIDTH}
      height={TRAIL_HEIGHT}
      viewBox={`0 0 ${TRAIL_WIDTH} ${TRAIL_HEIGHT}`}
      role="img"
      aria-label={trailWords(there, back)}
    >
      {lines.map(({ d, kind }) => (
        <path key={d} d={d} className={LINES[kind]} />
      ))}
      {marks.map((mark) => (
        <g key={`${mark.x}/${mark.y}`} transform={`translate(${mark.x} ${mark.y})`}>
          <title>{words(mark)}</title>
          {SHAPES[mark.state]}
        </g>
      ))}
    </svg>
  );
}

/** "order done, payment overdue; back: …" */
export function trailWords(there: readonly TrailMark[], back: readonly TrailMark[]): string {
  const forth = there.filter(({ state }) => state !== 'expected').map(words);
  const home = back.map(words);
  const all = forth.length > 0 ? forth.join(', ') : 'nothing yet';
  return home.length > 0 ? `${all}; back: ${home.join(', ')}` : all;
}

const words = ({ service, state }: TrailMark | PlacedMark): string => `${service} ${MARK_WORDS[state]}`;
