import { useEffect, useEffectEvent, useState } from 'react';

/** How long each moment is shown. */
const STEP_MS = 700;

/** Plays the saga again, from moment to moment; at the end it is live. */
export function usePlay(moments: readonly number[], at: number | null, go: (at: number | null) => void) {
  const [playing, setPlaying] = useState(false);
  const next = useEffectEvent(() => {
    const from = at ?? Number.NEGATIVE_INFINITY;
    const to = moments.find((moment) => moment > from);
    const isEnd = to === undefined || to === moments.at(-1);
    go(isEnd ? null : to);
    if (isEnd) {
      setPlaying(false);
    }
  });
  useEffect(() => {
    if (!playing) {
      return undefined;
    }
    const timer = setInterval(() => next(), STEP_MS);
    return () => clearInterval(timer);
  }, [playing]);
  const start = (): void => {
    if (at === null) {
      go(moments[0] ?? null);
    }
    setPlaying(true);
  };
  return { playing, toggle: () => (playing ? setPlaying(false) : start()), stop: () => setPlaying(false) };
}
