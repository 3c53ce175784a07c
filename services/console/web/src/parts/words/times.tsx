import { useEffect, useState } from 'react';
import { serverNow } from './clock.ts';
import { age, figureOf, preciseAge } from './duration.ts';
import { fullMoment, shortMoment } from './moment.ts';
import { useNow } from './use-now.ts';

/** How long ago, or how long until: `42 s`. It ticks, and shows the moment itself on hover. */
export function Ago({ at, precise = false }: { readonly at: string | number; readonly precise?: boolean }) {
  return precise ? <PreciseAgo at={at} /> : <PlainAgo at={at} />;
}

function PlainAgo({ at }: { readonly at: string | number }) {
  return <Span at={at} text={age(Math.abs(useNow() - Number(new Date(at))))} />;
}

function PreciseAgo({ at }: { readonly at: string | number }) {
  const [, redraw] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => redraw((times) => times + 1), 100);
    return () => clearInterval(timer);
  }, []);
  return <Span at={at} text={preciseAge(Math.abs(serverNow() - Number(new Date(at))))} />;
}

/** `02:13:04`, with the day where it is another, and everything on hover. */
export function Moment({ at }: { readonly at: string | number }) {
  return <Span at={at} text={shortMoment(at, serverNow())} />;
}

/** How long something took. Tabular figures, so that a column of them can be compared. */
export function Took({ ms }: { readonly ms: number | null }) {
  return <span className="num">{ms === null ? '' : figureOf(ms)}</span>;
}

function Span({ at, text }: { readonly at: string | number; readonly text: string }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={fullMoment(at)}>
      {text}
    </time>
  );
}
