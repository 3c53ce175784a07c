import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { momentAt, xAt } from '../layout/columns/scale.ts';
import { clock } from '../layout/scene/durations.ts';
import type { Scene } from '../layout/scene/scene.ts';
import { stepped } from '../moment/moments.ts';
import './slider.css';

/** The moment that is shown: its handle is the now line of the past. It shares the scale with the lanes. */
export function Slider({
  scene,
  at,
  chosen,
  onGo,
}: {
  /** As it is now. */
  readonly scene: Scene;
  /** Null: now. */
  readonly at: number | null;
  readonly chosen: string | null;
  /** `end` when the handle was let go, or a key moved it. */
  readonly onGo: (at: number | null, phase: 'move' | 'end') => void;
}) {
  const rail = useRef<HTMLDivElement>(null);
  const dragging = useRef(false);
  const first = scene.scale[0];
  const last = scene.scale.at(-1);
  if (first === undefined || last === undefined) {
    return null;
  }
  const shown = at === null ? last.at : Math.min(last.at, Math.max(first.at, at));
  const x = at === null ? last.x : xAt(scene.scale, shown);
  const moments = momentsOf(scene);
  const follow = (event: PointerEvent, phase: 'move' | 'end'): void => {
    const box = rail.current?.getBoundingClientRect();
    if (box === undefined) {
      return;
    }
    const pointer = event.clientX - box.left;
    onGo(pointer >= last.x - 3 ? null : Math.round(momentAt(scene.scale, Math.max(first.x, pointer))), phase);
  };
  const press = (event: KeyboardEvent): void => {
    const to = keyed(event.key, moments, shown);
    if (to !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      onGo(to >= last.at ? null : to, 'end');
    }
  };
  return (
    <div
      ref={rail}
      className="scrub-t"
      style={{ width: scene.width }}
      role="slider"
      tabIndex={0}
      aria-label="Moment shown"
      aria-valuemin={0}
      aria-valuemax={last.at - first.at}
      aria-valuenow={shown - first.at}
      aria-valuetext={at === null ? `now, ${clock(shown)}` : clock(shown)}
      onKeyDown={press}
      onPointerDown={(event) => {
        dragging.current = true;
        rail.current?.setPointerCapture(event.pointerId);
        follow(event, 'move');
      }}
      onPointerMove={(event) => dragging.current && follow(event, 'move')}
      onPointerUp={(event) => {
        dragging.current = false;
        follow(event, 'end');
      }}
      onPointerCancel={() => {
        dragging.current = false;
      }}
    >
      <svg width={scene.width} height={48} viewBox={`0 0 ${scene.width} 48`} aria-hidden="true">
        <path d={`M0 .5H${scene.width}`} className="sc-top" />
        <path d={`M${first.x} 18H${last.x}`} className="sc-rail" />
        <path d={`M${first.x} 18H${Math.max(first.x, x)}`} className="sc-done" />
        {scene.ticks.map((tick) => (
          <path
            key={tick.id}
            d={tick.kind === 'gap' ? `M${tick.x} 14V22` : `M${tick.x} 12V24`}
            className={`sc-tick ${tick.kind}${tick.id === chosen ? ' sel' : ''}`}
          />
        ))}
        <circle cx={x} cy={18} r={7} className="sc-h" />
        <text x={Math.min(Math.max(x, 46), scene.width - 46)} y={41} textAnchor="middle" className="sc-t">
          {clock(shown, at === null && scene.nowX !== null ? 1 : 3)}
        </text>
      </svg>
    </div>
  );
}

/** The moments of all marks, ascending, and the end. */
const momentsOf = (scene: Scene): readonly number[] =>
  [
    ...new Set([
      ...scene.marks.flatMap((mark) => (mark.at === null ? [] : [mark.at])),
      ...scene.scale.slice(-1).map((point) => point.at),
    ]),
  ].sort((a, b) => a - b);

function keyed(key: string, moments: readonly number[], at: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return stepped(moments, at, 1) ?? moments.at(-1);
    case 'ArrowLeft':
    case 'ArrowDown':
      return stepped(moments, at, -1) ?? moments[0];
    case 'Home':
      return moments[0];
    case 'End':
      return moments.at(-1);
    default:
      return undefined;
  }
}
