import { useEffect, useState } from 'react';
import { Ago, age, clockTime, count, live, rate, Strip, useLive, useLiveStatus, useNow } from '../parts/index.ts';
import { BEHIND_MS } from './live-mark.tsx';

/** Below the bar on top, on every screen: that nothing answers, or that what is shown is old. */
export function Strips() {
  const { state } = useLiveStatus();
  if (state === 'lost') return <NoAnswer />;
  return <Behind />;
}

function NoAnswer() {
  const { since, retryAt } = useLiveStatus();
  const now = useEverySecond();
  return (
    <div className="strips" role="status">
      <Strip tone="alarm" mark="away">
        <b>No answer from the console’s server for {age(now - since)}.</b> The browser tries again
        {retryAt !== null && retryAt > now ? ` in ${Math.ceil((retryAt - now) / 1000)} s` : ' now'}, and goes on where
        it stopped.{' '}
        <button type="button" className="link" onClick={() => live.tryNow()}>
          Try now
        </button>
      </Strip>
    </div>
  );
}

function Behind() {
  const reading = useLive('overview')?.reading;
  const now = useNow();
  if (reading === undefined || reading.rebuilding !== null || reading.behind === 0 || reading.newestAt === null)
    return null;
  if (now - Date.parse(reading.newestAt) <= BEHIND_MS) return null;
  return (
    <div className="strips" role="status">
      <Strip tone="caution" mark="timer">
        <b>
          Shown as of {clockTime(reading.newestAt)}, <Ago at={reading.newestAt} /> ago.
        </b>{' '}
        The console reads {count(reading.behind)} events behind the topics and catches up at {rate(reading.perSecond)} a
        second. Causes may be out of date; nothing is lost.
      </Strip>
    </div>
  );
}

/** The server's clock stands still while it does not answer; this one is the browser's. */
function useEverySecond(): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
