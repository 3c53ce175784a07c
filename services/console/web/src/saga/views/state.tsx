import type { SagaDetail } from '../../../../src/contract/index.ts';
import { Mark, ServiceBadge } from '../../parts/index.ts';
import { clock } from '../layout/scene/durations.ts';
import { knowledgeOf } from './knowledge.ts';

/** What each service knows at the moment that is shown. Nobody has the whole. */
export function StateView({
  detail,
  isPast,
  onChoose,
}: {
  readonly detail: SagaDetail;
  readonly isPast: boolean;
  readonly onChoose: (id: string) => void;
}) {
  return (
    <section className="knows" aria-label="What each service knows">
      <p className="knows-h tx2">
        What each service knows {isPast ? `at ${clock(Date.parse(detail.now))}` : 'now'}: what it said, and what it has
        heard. Nobody has the whole.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys. */}
      <section className="tw" tabIndex={0} aria-label="By service">
        <table className="tbl">
          <thead>
            <tr>
              <th scope="col">Service</th>
              <th scope="col">stands at</th>
              <th scope="col">has heard</th>
              <th scope="col">has not heard yet</th>
              <th scope="col">owes</th>
            </tr>
          </thead>
          <tbody>
            {knowledgeOf(detail).map((one) => (
              <tr key={one.service}>
                <td>
                  <ServiceBadge name={one.service} />
                </td>
                <td className="wrap">
                  {one.holds === null ? (
                    <span className="tx3">nothing</span>
                  ) : (
                    <button type="button" className="v" onClick={() => onChoose(one.holds?.step.id ?? '')}>
                      <Mark kind={one.holds.step.state} label={one.holds.step.state} />
                      {one.holds.step.event}
                      {one.holds.words !== '' && <span className="tx3">{one.holds.words}</span>}
                    </button>
                  )}
                </td>
                <td className="wrap">
                  {one.knows.length === 0 ? <span className="tx3">nothing</span> : one.knows.join(', ')}
                </td>
                <td className="wrap">
                  {one.knowsNot.length === 0 ? (
                    <span className="tx3">–</span>
                  ) : (
                    one.knowsNot.map((lack) => (
                      <span key={lack.event} className="knows-not">
                        {lack.event} <span className="tx3">{lack.words}</span>
                      </span>
                    ))
                  )}
                </td>
                <td className="wrap">
                  {one.owes.map((step) => (
                    <button key={step.id} type="button" className="v" onClick={() => onChoose(step.id)}>
                      <Mark kind={step.state} label={step.state} />
                      {step.event}
                    </button>
                  ))}
                  {one.work.map((work) => (
                    <span key={work} className="tx3 knows-not">
                      {work}
                    </span>
                  ))}
                  {one.owes.length === 0 && one.work.length === 0 && <span className="tx3">–</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
