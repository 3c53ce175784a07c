import type { SagaDetail } from '../../../../src/contract/index.ts';
import { figureOf } from '../../../../src/saga/words.ts';
import { fullMoment, Panel, ServiceBadge } from '../../parts/index.ts';
import { clock } from '../layout/scene/durations.ts';
import { type Chosen, chosenOf } from './chosen.ts';
import { EventPanel } from './event-panel.tsx';
import { OwedPanel } from './owed-panel.tsx';

/** What is chosen, beside the drawing; on a phone a sheet from below. */
export function ChosenPanel({
  detail,
  chosen,
  onChoose,
}: {
  readonly detail: SagaDetail;
  readonly chosen: string;
  readonly onChoose: (id: string | null) => void;
}) {
  const found = chosenOf(detail, chosen);
  return (
    <Panel
      name="Chosen event"
      of={chosen}
      title={found?.title ?? 'Not here'}
      {...(found !== null && { mark: { kind: found.kind, label: found.kind } })}
      below={found !== null && <SubLine detail={detail} found={found} />}
      onClose={() => onChoose(null)}
    >
      {found === null && (
        <p className="p-s tx2">
          This saga has no such event{detail.events.length > 0 ? ' at the moment that is shown.' : ' yet.'}
        </p>
      )}
      {found?.event && <EventPanel detail={detail} event={found.event} step={found.step} onChoose={onChoose} />}
      {found !== null && found.event === null && found.step !== undefined && (
        <OwedPanel detail={detail} step={found.step} onChoose={onChoose} />
      )}
    </Panel>
  );
}

function SubLine({ detail, found }: { readonly detail: SagaDetail; readonly found: Chosen }) {
  const at = found.event === null ? null : Date.parse(found.event.at);
  return (
    <>
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
    </>
  );
}
