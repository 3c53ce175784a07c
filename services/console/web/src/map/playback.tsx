import { useEffect } from 'react';
import { Button, clockTime, IconButton, serverNow } from '../parts/index.ts';

/** The past quarter of an hour, in steps of a quarter of a minute. */
export const STEP_MS = 15_000;
export const STEPS = 60;
/** A quarter of an hour passes in half a minute. */
const BEAT_MS = 500;

/**
 * Goes back to any moment of the past quarter of an hour, and plays from there. Whatever is shown then was: nothing can be done
 * to it.
 */
export function Playback(props: {
  /** Null: live. */
  readonly at: number | null;
  readonly playing: boolean;
  readonly onMove: (at: number | null) => void;
  readonly onPlay: (playing: boolean) => void;
}) {
  const { at, playing, onMove, onPlay } = props;
  const end = Math.floor(serverNow() / STEP_MS) * STEP_MS;
  const step = at === null ? STEPS : Math.min(Math.max(STEPS - Math.round((end - at) / STEP_MS), 0), STEPS);
  const go = (to: number) => onMove(to >= STEPS ? null : end - (STEPS - to) * STEP_MS);
  useEffect(() => {
    if (!playing) return;
    const timer = setTimeout(() => {
      if (step >= STEPS - 1) onPlay(false);
      go(step + 1);
    }, BEAT_MS);
    return () => clearTimeout(timer);
  });
  return (
    <section className="play" aria-label="The past quarter of an hour">
      <IconButton
        icon={playing ? 'pause' : 'play'}
        name={playing ? 'Pause' : 'Play the past quarter of an hour'}
        onClick={() => {
          if (!playing && step >= STEPS) go(0);
          onPlay(!playing);
        }}
      />
      <span className="mono tx3">{clockTime(end - STEPS * STEP_MS).slice(0, 5)}</span>
      <input
        type="range"
        min="0"
        max={STEPS}
        value={step}
        aria-label="Moment that is shown"
        aria-valuetext={at === null ? 'now' : clockTime(at)}
        onChange={(event) => go(Number(event.target.value))}
      />
      <span className="mono pl-t">{at === null ? 'now' : clockTime(at)}</span>
      {at !== null && (
        <Button look="pill" onClick={() => onMove(null)}>
          Live
        </Button>
      )}
    </section>
  );
}
