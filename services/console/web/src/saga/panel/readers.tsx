import type { Reading, SagaDetail, SagaEvent, Step } from '../../../../src/contract/index.ts';
import { figureOf } from '../../../../src/saga/words.ts';
import { Mark, type MarkKind, ServiceBadge } from '../../parts/index.ts';
import { isHandled } from '../layout/marks/occurrences.ts';
import { SeamStrip } from './seam-strip.tsx';

/** What each service that hears the event made of it. */
export function Readers({
  detail,
  event,
  onChoose,
}: {
  readonly detail: SagaDetail;
  readonly event: SagaEvent;
  readonly onChoose: (id: string) => void;
}) {
  const readings = detail.readings.filter((reading) => reading.eventId === event.id);
  if (readings.length === 0) {
    return null;
  }
  return (
    <section className="p-s">
      <h3>
        Who has handled it
        <span className="count">
          {readings.filter(isHandled).length} of {readings.length}
        </span>
      </h3>
      <ul className="readers">
        {readings.map((reading) => (
          <Reader key={reading.service} detail={detail} event={event} reading={reading} onChoose={onChoose} />
        ))}
      </ul>
    </section>
  );
}

function Reader(props: {
  readonly detail: SagaDetail;
  readonly event: SagaEvent;
  readonly reading: Reading;
  readonly onChoose: (id: string) => void;
}) {
  const { detail, event, reading } = props;
  const answer = detail.steps.find((step) => reading.caused.includes(step.eventId ?? ''));
  const owed = detail.steps.find(
    (step) => step.eventId === null && step.hearsId === event.id && step.service === reading.service,
  );
  const bad = reading.state === 'dead' || owed?.state === 'overdue' || owed?.state === 'undo-failed';
  const words = wordsOf(reading, answer, detail);
  return (
    <li className={bad ? 'bad' : ''}>
      <Mark kind={markOf(reading, answer, owed)} label={reading.state} />
      <ServiceBadge name={reading.service} />
      <span className="r-d">
        {answer === undefined ? (
          words
        ) : (
          <button type="button" className="link" onClick={() => props.onChoose(answer.id)}>
            {words}
          </button>
        )}
      </span>
      <span className="r-b">
        <SeamStrip seams={reading.seams} width={64} late={bad} />
      </span>
      {reading.reason !== null && <span className="r-why">{reading.reason}</span>}
      {reading.duplicates.length > 0 && (
        <span className="r-why">{`${reading.duplicates.length} delivered again, dropped by the inbox`}</span>
      )}
    </li>
  );
}

function markOf(reading: Reading, answer: Step | undefined, owed: Step | undefined): MarkKind {
  switch (reading.state) {
    case 'answered':
      return answer?.state ?? 'done';
    case 'waiting':
    case 'working':
      return owed?.state ?? (reading.state === 'working' ? 'running' : 'expected');
    default:
      return reading.state;
  }
}

function wordsOf(reading: Reading, answer: Step | undefined, detail: SagaDetail): string {
  const after = reading.at === null ? '' : `, +${figureOf(Date.parse(reading.at) - Date.parse(detail.placedAt))}`;
  switch (reading.state) {
    case 'waiting':
    case 'working': {
      const event = detail.events.find((one) => one.id === reading.eventId);
      const since = event === undefined ? '' : ` ${figureOf(Date.parse(detail.now) - Date.parse(event.at))}`;
      return `${reading.state === 'waiting' ? 'waits' : 'at work'}${since}`;
    }
    case 'answered':
      return answer === undefined ? `answered${after}` : answer.event;
    case 'dead':
      return `dead letter${after}`;
    default:
      return `${reading.state}${after}`;
  }
}
