import type { SagaDetail } from '../../../../src/contract/index.ts';
import { figureOf } from '../../../../src/saga/words.ts';
import { LinkButton, Mark, ServiceBadge } from '../../parts/index.ts';
import { allowed } from '../layout/scene/durations.ts';
import { outcomeOf, protocolSummary } from './outcomes.ts';

/** The same truth without the drawing: on hearing … owes … one of … within, took, this order. */
export function Protocol({
  detail,
  chosen,
  onChoose,
}: {
  readonly detail: SagaDetail;
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
}) {
  const deadline = detail.deadlineAt;
  return (
    <section className="proto" aria-label="Against the declared protocol">
      <header>
        <h2>Against the declared protocol</h2>
        <span className="tx3">{protocolSummary(detail)}</span>
        <span className="spacer" />
        <LinkButton look="quiet" icon="map" href="/map">
          Map
        </LinkButton>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys. */}
      <section className="tw" tabIndex={0} aria-label="The protocol as a table">
        <table className="tbl">
          <thead>
            <tr>
              <th scope="col">On hearing</th>
              <th scope="col">owes</th>
              <th scope="col">one of</th>
              <th scope="col" className="r">
                within
              </th>
              <th scope="col" className="r">
                took
              </th>
              <th scope="col">This order</th>
            </tr>
          </thead>
          <tbody>
            {detail.steps.map((step) => {
              const outcome = outcomeOf(step, detail);
              const waits = step.eventId === null && step.hearsId !== null ? waitOf(detail, step.hearsId) : null;
              return (
                <tr key={step.id} className={`${outcome.look} ${step.id === chosen ? 'is-sel' : ''}`}>
                  <td>{step.hears ?? '–'}</td>
                  <td>
                    <ServiceBadge name={step.service} />
                  </td>
                  <td className="wrap">
                    {(step.oneOf.length === 0 ? [step.event] : step.oneOf).map((event, index) => (
                      <span key={event}>
                        {index > 0 && ', '}
                        {event === step.event && step.eventId !== null ? <b>{event}</b> : event}
                      </span>
                    ))}
                  </td>
                  <td className="r num">{step.withinMs === null ? '–' : allowed(step.withinMs)}</td>
                  <td className="r num">
                    {step.tookMs !== null
                      ? figureOf(step.tookMs)
                      : outcome.look === 'late' && waits !== null
                        ? figureOf(waits)
                        : ''}
                  </td>
                  <td>
                    <button type="button" className="v" onClick={() => onChoose(step.id)}>
                      <Mark kind={outcome.mark} />
                      {outcome.text}
                    </button>
                  </td>
                </tr>
              );
            })}
            {deadline !== null && <DeadlineRow detail={detail} deadline={deadline} />}
          </tbody>
        </table>
      </section>
    </section>
  );
}

function DeadlineRow({ detail, deadline }: { readonly detail: SagaDetail; readonly deadline: string }) {
  const left = Date.parse(deadline) - Date.parse(detail.now);
  const within = Date.parse(deadline) - Date.parse(detail.placedAt);
  return (
    <tr>
      <td>its deadline, {allowed(within)}</td>
      <td>
        <ServiceBadge name={detail.events[0]?.service ?? 'order'} />
      </td>
      <td className="wrap">OrderCancelled</td>
      <td className="r num">–</td>
      <td className="r num" />
      <td>
        <span className="v">
          <Mark kind="timer" />
          {left > 0 ? `in ${figureOf(left)}, unless it ends before` : `${figureOf(-left)} ago`}
        </span>
      </td>
    </tr>
  );
}

function waitOf(detail: SagaDetail, eventId: string): number | null {
  const event = detail.events.find((one) => one.id === eventId);
  return event === undefined ? null : Date.parse(detail.now) - Date.parse(event.at);
}
