import { type ReactNode, type RefObject, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import type { SagaDetail } from '../../../../src/contract/index.ts';
import { plain, useWidth } from '../../parts/index.ts';
import { xAt } from '../layout/columns/scale.ts';
import { layout, pinsOf } from '../layout/layout.ts';
import type { LayoutOptions, Mark, Scene } from '../layout/scene/scene.ts';
import { Drawing } from './drawing.tsx';
import { LaneHeads } from './lane-heads.tsx';
import { fontLoads, measure, watchFonts } from './measure.ts';
import './drawing.css';

export interface LaneSettings {
  readonly scale: LayoutOptions['scale'];
  readonly seams: boolean;
  readonly readers: boolean;
  readonly folded: readonly string[];
}

export const PLAIN: LaneSettings = { scale: 'squeezed', seams: true, readers: true, folded: [] };

export interface LanesProps {
  /** As it is now. */
  readonly detail: SagaDetail;
  /** As it was at a past moment; without it, now is shown. */
  readonly then?: SagaDetail | null;
  readonly settings?: LaneSettings;
  readonly chosen?: string | null;
  readonly onChoose?: (mark: Mark) => void;
  /** What shares the scale with the lanes, such as the slider: drawn below them. */
  readonly below?: (scene: Scene) => ReactNode;
  /** Left of that, under the heads of the lanes. */
  readonly belowHeads?: ReactNode;
}

/** One saga in its lanes. */
export function Lanes({
  detail,
  then = null,
  settings = PLAIN,
  chosen = null,
  onChoose,
  below,
  belowHeads,
}: LanesProps) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const fonts = useSyncExternalStore(watchFonts, fontLoads);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other fonts have other widths.
  const scenes = useMemo(() => {
    if (width === 0) {
      return null;
    }
    const options: LayoutOptions = { ...settings, width, measure };
    const now = layout(detail, options);
    if (then === null) {
      return { now, shown: now };
    }
    const pins = new Map([...pinsOf(now), ['now', xAt(now.scale, Date.parse(then.now))] as const]);
    return { now, shown: layout(then, options, pins) };
  }, [detail, then, settings, width, fonts]);
  const nowX = scenes?.shown.nowX ?? null;
  useNowInView(frame, nowX, then === null);
  useInView(frame, scenes?.shown.marks.find((mark) => mark.id === chosen)?.x ?? null);
  return (
    <div className="plot">
      <div className="plot-h">
        <div className="head-top" />
        {scenes && <LaneHeads lanes={scenes.shown.lanes} notes={then === null ? detail.lanes : []} />}
        {belowHeads}
      </div>
      {/* What scrolls has to be reached by keys. */}
      <div className="plot-s" ref={frame} tabIndex={scenes && scenes.shown.width > width ? 0 : undefined}>
        {scenes && (
          <Drawing
            scene={scenes.shown}
            name={summaryOf(then ?? detail)}
            chosen={chosen}
            {...(onChoose === undefined ? {} : { onChoose })}
          />
        )}
        {scenes && below?.(scenes.now)}
      </div>
    </div>
  );
}

/** Too wide: it scrolls, with now in view. */
function useNowInView(frame: RefObject<HTMLDivElement | null>, nowX: number | null, isLive: boolean): void {
  const isShown = nowX !== null;
  useEffect(() => {
    const element = frame.current;
    if (isShown && isLive && element !== null && element.scrollWidth > element.clientWidth) {
      element.scrollLeft = Math.max(0, (nowX ?? 0) - element.clientWidth * 0.7);
    }
  }, [frame, isShown, isLive, nowX]);
}

/** What is chosen comes into view; what is in view stays where it is. */
function useInView(frame: RefObject<HTMLDivElement | null>, x: number | null): void {
  useEffect(() => {
    const element = frame.current;
    if (x === null || element === null) {
      return;
    }
    const [left, right] = [element.scrollLeft + 24, element.scrollLeft + element.clientWidth - 120];
    if (x < left || x > right) {
      element.scrollLeft = Math.max(0, x - element.clientWidth / 2);
    }
  }, [frame, x]);
}

/** The drawing in a sentence, for those who do not see it. */
export function summaryOf(detail: SagaDetail): string {
  const said = detail.steps.filter((step) => step.eventId !== null).map((step) => step.event);
  const sentence = detail.diagnosis?.sentence ?? detail.summary?.sentence ?? '';
  return `Order ${detail.orderId.slice(-8)}: ${said.join(', ')}. ${plain(sentence)}`;
}
