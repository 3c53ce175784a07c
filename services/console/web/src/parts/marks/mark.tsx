import type { ReactElement } from 'react';
import type { MarkKind } from './mark-kinds.ts';

const diamond = (
  <>
    <path d="M0-11 11 0 0 11-11 0z" className="f-alarm" />
    <path d="M0-5v5.6M0 4.6v.1" className="g w25" />
  </>
);

/** Drawn around 0, 0, within 12 to each side. No two differ by colour alone. */
const SHAPES: Readonly<Record<MarkKind, ReactElement>> = {
  done: (
    <>
      <circle r="9" className="f-ok" />
      <path d="m-4 .4 2.8 2.8L4.2-2.8" className="g" />
    </>
  ),
  running: (
    <>
      <circle r="8" className="o-live" />
      <circle r="8" className="arc-live" />
      <circle r="2.8" className="f-live" />
    </>
  ),
  expected: <circle r="8.1" className="o-ghost" />,
  overdue: diamond,
  refused: (
    <>
      <rect x="-8.5" y="-8.5" width="17" height="17" rx="2.5" className="f-undo" />
      <path d="m-3.5-3.5 7 7M3.5-3.5l-7 7" className="g" />
    </>
  ),
  undone: (
    <>
      <circle r="8.1" className="o-ok" />
      <path d="m-3.6.4 2.6 2.6L3.8-2.6" className="k-ok" />
    </>
  ),
  'undo-done': (
    <>
      <circle r="9" className="f-undo" />
      <path d="M4.4 0h-8M-.6-3.6-4.2 0l3.6 3.6" className="g" />
    </>
  ),
  'undo-running': (
    <>
      <circle r="8" className="o-undo" />
      <path d="M4.2 0h-8M-.4-3.4-3.8 0l3.4 3.4" className="k-undo" />
    </>
  ),
  'undo-expected': (
    <>
      <circle r="8.1" className="o-ghost" />
      <path d="M4 0h-7.6M-.6-3.2-3.8 0l3.2 3.2" className="k-ghost" />
    </>
  ),
  'undo-failed': diamond,
  person: (
    <>
      <path d="M0-10.4 9-5.2v10.4L0 10.4-9 5.2v-10.4z" className="o-caution" />
      <circle cy="-2.6" r="2.4" className="k-caution" />
      <path d="M-4.4 5c.6-2.8 2.4-3.8 4.4-3.8S3.8 2.2 4.4 5" className="k-caution" />
    </>
  ),
  unexpected: (
    <>
      <path d="M0-9.6 10 8H-10z" className="o-caution" />
      <path d="M-1.9-1.6c0-2.6 3.9-2.5 3.9 0C2 .1 0 .2 0 2.2M0 5.2v.1" className="k-caution" />
    </>
  ),
  dead: (
    <>
      <path d="M-4.2-10h8.4L10-4.2v8.4L4.2 10h-8.4L-10 4.2v-8.4z" className="f-alarm" />
      <path d="m-3.6-3.6 7.2 7.2M3.6-3.6l-7.2 7.2" className="g" />
    </>
  ),
  parked: (
    <>
      <rect x="-8.2" y="-8.2" width="16.4" height="16.4" rx="3" className="o-caution" />
      <path d="M-2.6-3.6v7.2M2.6-3.6v7.2" className="k-caution" />
    </>
  ),
  skipped: <circle r="4.6" className="o-thin dash" />,
  noted: <circle r="3.4" className="f-wire" />,
  ignored: (
    <>
      <circle r="5.4" className="o-thin" />
      <path d="m-3.7 3.7 7.4-7.4" className="k-thin" />
    </>
  ),
  duplicate: (
    <>
      <path d="M-2.6-6.4v12.8" className="k-thin" />
      <path d="M2.6-6.4v12.8" className="k-thin dash" />
    </>
  ),
  away: (
    <>
      <circle r="8.1" className="o-alarm" />
      <path d="M-4 0h8" className="k-alarm" />
    </>
  ),
  timer: (
    <>
      <circle r="8.1" className="o-caution dash" />
      <path d="M0-4.4V0l3 2" className="k-caution" />
    </>
  ),
};

/** A mark on its own. Without a label it is decoration: the words beside it say the same. */
export function Mark(props: { readonly kind: MarkKind; readonly label?: string; readonly size?: number }) {
  const { kind, label, size = 16 } = props;
  const named = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: `named` gives its name, or hides it.
    <svg className="m" width={size} height={size} viewBox="-12 -12 24 24" {...named}>
      {SHAPES[kind]}
    </svg>
  );
}

/** A mark inside an SVG of one's own, around `x`, `y`; 24 wide unless told. */
export function MarkAt(props: {
  readonly kind: MarkKind;
  readonly x: number;
  readonly y: number;
  readonly size?: number;
}) {
  const scale = (props.size ?? 24) / 24;
  return (
    <g transform={`translate(${props.x} ${props.y})${scale === 1 ? '' : ` scale(${scale})`}`}>{SHAPES[props.kind]}</g>
  );
}

/** The fillings of bars: `fill: url(#hatch)`, `url(#hatch-alarm)`, `url(#dots)`. Once in a document. */
export function Patterns() {
  return (
    <svg className="defs" aria-hidden="true">
      <defs>
        <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="5" height="5" className="hatch-bg" />
          <rect width="2" height="5" className="hatch-fg" />
        </pattern>
        <pattern id="hatch-alarm" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="7" height="7" className="hatch-a-bg" />
          <rect width="3.5" height="7" className="hatch-a-fg" />
        </pattern>
        <pattern id="dots" width="8" height="8" patternUnits="userSpaceOnUse">
          <circle cx="1" cy="1" r=".9" className="dots-fg" />
        </pattern>
      </defs>
    </svg>
  );
}
