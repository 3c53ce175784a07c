import type { SagaDetail, Step } from '../../../../src/contract/index.ts';
import { figureOf } from '../../../../src/saga/words.ts';
import { fullMoment, Strong } from '../../parts/index.ts';
import { allowed } from '../layout/scene/durations.ts';
import { Why } from './why.tsx';

/** What has not happened: who owes it, since when, by when, and what it waits for. */
export function OwedPanel({
  detail,
  step,
  onChoose,
}: {
  readonly detail: SagaDetail;
  readonly step: Step;
  readonly onChoose: (id: string) => void;
}) {
  const now = Date.parse(detail.now);
  const event = detail.events.find((one) => one.id === step.hearsId);
  const late = step.dueAt === null ? null : now - Date.parse(step.dueAt);
  const isCause = detail.diagnosis !== null && detail.diagnosis.service === step.service;
  const letters = detail.setAside.filter((letter) => letter.service === step.service);
  return (
    <>
      <Why detail={detail} step={step} onChoose={onChoose} />
      <section className="p-s">
        <h3>When</h3>
        <dl className="kv">
          {event !== undefined && (
            <>
              <dt>owed for</dt>
              <dd title={fullMoment(event.at)}>{figureOf(now - Date.parse(event.at))}</dd>
            </>
          )}
          <dt>allowed</dt>
          <dd>{step.withinMs === null ? 'no time is declared' : allowed(step.withinMs)}</dd>
          {late !== null && (
            <>
              <dt>due</dt>
              <dd title={fullMoment(step.dueAt ?? '')} className={late > 0 ? 'alarm-t' : ''}>
                {late > 0 ? `${figureOf(late)} ago` : `in ${figureOf(-late)}`}
              </dd>
            </>
          )}
          {step.nobodyWaits && (
            <>
              <dt>waited for</dt>
              <dd>by nobody</dd>
            </>
          )}
        </dl>
      </section>
      {isCause && detail.diagnosis !== null && (
        <section className="p-s">
          <h3>
            Why not yet<span className="count mono">{detail.diagnosis.code}</span>
          </h3>
          <p className="tx2">
            <Strong text={detail.diagnosis.sentence} />
          </p>
        </section>
      )}
      {letters.length > 0 && (
        <section className="p-s">
          <h3>Set aside by {step.service}</h3>
          <ul>
            {letters.map((letter) => (
              <li key={letter.id} className="tx2">
                {`${letter.eventType ?? 'a record'}, ${letter.status.toLowerCase()}${letter.code === null ? '' : `, ${letter.code}`}${letter.message === null ? '' : `: ${letter.message}`}`}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
