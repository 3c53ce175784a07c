import type { SagaDetail } from '../../../../src/contract/index.ts';
import { Button, IconButton } from '../../parts/index.ts';
import { Lanes } from '../drawing/lanes.tsx';
import type { Scene } from '../layout/scene/scene.ts';
import { momentsIn } from '../moment/moments.ts';
import type { ViewActions, ViewState } from '../moment/use-view.ts';
import { Slider } from '../slider/slider.tsx';
import { usePlay } from '../slider/use-play.ts';
import { Legend } from './legend.tsx';

/** The lanes with their slider: what the page is for. */
export function LanesView({
  detail,
  then,
  state,
  actions,
}: {
  readonly detail: SagaDetail;
  readonly then: SagaDetail | null;
  readonly state: ViewState;
  readonly actions: ViewActions;
}) {
  const play = usePlay(momentsIn(detail), state.at, (at) => actions.goTo(at, { replace: true }));
  const isMoving = detail.endedAt === null;
  const below = (scene: Scene) => (
    <Slider
      scene={scene}
      at={state.at}
      chosen={state.event}
      onGo={(at, phase) => {
        play.stop();
        actions.goTo(at, { replace: phase === 'move' || state.at !== null });
      }}
    />
  );
  return (
    <>
      <Lanes
        detail={detail}
        then={then}
        settings={state.settings}
        chosen={state.event}
        onChoose={(mark) => actions.choose(mark.id)}
        below={below}
        belowHeads={
          <div className="scrub-l">
            <IconButton
              icon={play.playing ? 'pause' : 'play'}
              look=""
              name={play.playing ? 'Pause' : 'Play it again'}
              onClick={play.toggle}
            />
            <Button
              look={state.at === null ? 'on' : ''}
              aria-pressed={state.at === null}
              onClick={() => {
                play.stop();
                actions.goTo(null);
              }}
            >
              {isMoving ? 'Live' : 'To the end'}
            </Button>
          </div>
        }
      />
      <Legend />
    </>
  );
}
