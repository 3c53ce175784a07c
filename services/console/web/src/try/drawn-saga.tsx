import { type ComponentType, lazy, Suspense } from 'react';
import type { SagaDetail } from '../../../src/contract/saga.ts';
import { LinkButton, Loading, Mark, ServiceSquare, StateBadge, Strong, shortId } from '../parts/index.ts';
import { useSagaLive } from './data.ts';
import { sayings } from './words.ts';

type LanesModule = { readonly Lanes: ComponentType<{ readonly detail: SagaDetail }> };
const drawing = import.meta.glob<LanesModule>('../saga/drawing/lanes.tsx')['../saga/drawing/lanes.tsx'];
const Lanes = lazy(async () => ({ default: (await drawing?.())?.Lanes ?? (NotDrawn as LanesModule['Lanes']) }));
const NotDrawn = () => null;

/** One saga that draws itself: its lanes, and below them the same in words. */
export function DrawnSaga({ orderId, title }: { readonly orderId: string; readonly title: string | null }) {
  const saga = useSagaLive(orderId);
  return (
    <section className="drawn" aria-label={`Order ${shortId(orderId)}`}>
      <header className="try-h">
        <h2>
          Order <span className="mono">{shortId(orderId)}</span>
        </h2>
        {title !== null && <span className="tx2">{title}</span>}
        {saga && <StateBadge saga={{ ...saga, turningBack: turnsBack(saga) }} />}
        <span className="spacer" />
        <LinkButton href={`/sagas/${encodeURIComponent(orderId)}`}>Open</LinkButton>
      </header>
      {saga === null ? (
        <Loading what="the first event of the order" />
      ) : (
        <Suspense fallback={<Loading what="the lanes" />}>
          <Lanes detail={saga} />
        </Suspense>
      )}
      {saga && <InWords saga={saga} />}
    </section>
  );
}

const turnsBack = ({ steps }: SagaDetail): boolean => steps.some(({ state }) => state.startsWith('undo'));

/** Each new line is read aloud; the drawing is silent. */
function InWords({ saga }: { readonly saga: SagaDetail }) {
  return (
    <ol className="say" aria-live="polite">
      {sayings(saga).map(({ key, when, mark, service, text, tense }) => (
        <li key={key} className={tense}>
          <span className="mono">{when}</span>
          <Mark kind={mark} />
          <ServiceSquare name={service} />
          <p>
            <Strong text={text} />
          </p>
        </li>
      ))}
    </ol>
  );
}
