import type { KeyboardEvent } from 'react';
import { MarkAt } from '../../parts/index.ts';
import { isLarge } from '../layout/marks/labels.ts';
import type { Mark, Scene } from '../layout/scene/scene.ts';
import { type Chain, inChain } from './chain.ts';

export interface MarkHandlers {
  readonly chosen: string | null;
  readonly onChoose?: (mark: Mark) => void;
  readonly onPoint?: (id: string | null) => void;
}

/** Each mark is a button: its name is a sentence. */
export function Marks({
  scene,
  chain,
  chosen,
  onChoose,
  onPoint,
}: MarkHandlers & { readonly scene: Scene; readonly chain: Chain }) {
  const ring = scene.marks.find((mark) => mark.id === chosen);
  return (
    <g>
      {ring && <circle r={14.5} transform={`translate(${ring.x} ${ring.y})`} className="chosen" />}
      {scene.marks.map((mark) => (
        <g
          key={mark.id}
          className={`mk enter${inChain(chain, mark.id)}`}
          data-mark={mark.id}
          transform={`translate(${mark.x} ${mark.y})`}
          role="button"
          tabIndex={0}
          aria-label={mark.sentence}
          aria-pressed={mark.id === chosen}
          onClick={() => onChoose?.(mark)}
          onKeyDown={(event) => press(event, () => onChoose?.(mark))}
          onPointerEnter={() => onPoint?.(mark.id)}
          onPointerLeave={() => onPoint?.(null)}
          onFocus={(event) => event.currentTarget.matches(':focus-visible') && onPoint?.(mark.id)}
          onBlur={() => onPoint?.(null)}
        >
          <title>{mark.sentence}</title>
          <circle r={12} className="hit" />
          <MarkAt kind={mark.kind} x={0} y={0} size={isLarge(mark.kind) ? 28 : 24} />
        </g>
      ))}
    </g>
  );
}

function press(event: KeyboardEvent, act: () => void): void {
  if (event.key === 'Enter' || event.key === ' ') {
    event.preventDefault();
    act();
  }
}
