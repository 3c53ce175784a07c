import { type RefObject, useEffect, useRef } from 'react';
import type { SagaDetail } from '../../../../src/contract/index.ts';
import { figureOf } from '../../../../src/saga/words.ts';
import { fullMoment, IconButton, Mark, ServiceBadge } from '../../parts/index.ts';
import { clock } from '../layout/durations.ts';
import { type Chosen, chosenOf } from './chosen.ts';
import { EventPanel } from './event-panel.tsx';
import { OwedPanel } from './owed-panel.tsx';

/** What is chosen, beside the drawing; on a phone a sheet from below. */
export function Panel({
  detail,
  chosen,
  onChoose,
}: {
  readonly detail: SagaDetail;
  readonly chosen: string;
  readonly onChoose: (id: string | null) => void;
}) {
  const found = chosenOf(detail, chosen);
  const panel = useRef<HTMLElement>(null);
  useSheetFocus(panel, chosen);
  return (
    <aside className="panel" aria-label="Chosen event" ref={panel} tabIndex={-1}>
      <header className="p-h">
        <div className="p-t">
          {found !== null && <Mark kind={found.kind} size={20} label={found.kind} />}
          <h2>{found?.title ?? 'Not here'}</h2>
          <IconButton icon="x" name="Close the panel" onClick={() => onChoose(null)} />
        </div>
        {found !== null && <SubLine detail={detail} found={found} />}
      </header>
      {found === null && (
        <p className="p-s tx2">
          This saga has no such event{detail.events.length > 0 ? ' at the moment that is shown.' : ' yet.'}
        </p>
      )}
      {found?.event && <EventPanel detail={detail} event={found.event} step={found.step} onChoose={onChoose} />}
      {found !== null && found.event === null && found.step !== undefined && (
        <OwedPanel detail={detail} step={found.step} onChoose={onChoose} />
      )}
    </aside>
  );
}

function SubLine({ detail, found }: { readonly detail: SagaDetail; readonly found: Chosen }) {
  const at = found.event === null ? null : Date.parse(found.event.at);
  return (
    <p className="p-sub">
      <ServiceBadge name={found.service} />
      {at === null ? (
        <span className="tx3">has not said it</span>
      ) : (
        <>
          <time className="num" title={fullMoment(at)}>
            {clock(at)}
          </time>
          <span className="tx3 num">+{figureOf(at - Date.parse(detail.placedAt))}</span>
        </>
      )}
    </p>
  );
}

/** A sheet covers what was touched: the focus goes into it. Beside the drawing it stays where it is. */
function useSheetFocus(panel: RefObject<HTMLElement | null>, chosen: string): void {
  useEffect(() => {
    if (chosen !== '' && matchMedia('(max-width: 760px)').matches) {
      panel.current?.focus({ preventScroll: true });
    }
  }, [panel, chosen]);
}
