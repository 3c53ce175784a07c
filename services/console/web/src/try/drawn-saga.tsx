import type { SagaDetail } from '../../../src/contract/saga.ts';
import { LinkButton, Loading, Mark, ServiceSquare, StateBadge, Strong, shortId } from '../parts/index.ts';
import { PLAIN } from '../saga/drawing/lanes.tsx';
import { SagaLanes } from '../saga/saga-lanes.tsx';
import { useSagaLive } from './data.ts';
import { sayings } from './words.ts';

/** Who only notes an event is left out: the pane is narrow, and the words below leave it out too. */
const SETTINGS = { ...PLAIN, readers: false };

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
        <SagaLanes detail={saga} settings={SETTINGS} />
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
