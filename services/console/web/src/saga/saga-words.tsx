import type { SagaDetail, Step } from '../../../src/contract/index.ts';
import { Mark, ServiceBadge } from '../parts/index.ts';
import { allowed, duration } from './layout/durations.ts';
import { owedSteps } from './layout/occurrences.ts';
import './saga-words.css';

/** The saga in words, one sentence a step, beside its lanes: the newest below, then what is owed. */
export function SagaWords({ detail }: { readonly detail: SagaDetail }) {
  const said = detail.steps.filter((step) => step.eventId !== null);
  return (
    <ol className="words" aria-label="The saga in words">
      {said.map((step) => (
        <li key={step.id} className={isBack(step) ? 'undo' : ''}>
          <Mark kind={step.state} label={step.state} />
          <div>
            <p>
              <ServiceBadge name={step.service} /> {sentenceOf(step, detail)}
            </p>
          </div>
          <span className="num tx3">
            +{duration(Date.parse(step.at ?? detail.placedAt) - Date.parse(detail.placedAt))}
          </span>
        </li>
      ))}
      {owedSteps(detail)
        .filter((step) => step.hearsId !== null)
        .map((step) => (
          <li key={step.id} className="ghost">
            <Mark kind={step.state} label={step.state} />
            <div>
              <p>
                <ServiceBadge name={step.service} /> owes{' '}
                {step.oneOf.length === 0 ? step.event : step.oneOf.join(' or ')}
              </p>
            </div>
            <span className="num tx3">{step.withinMs === null ? '' : `within ${allowed(step.withinMs)}`}</span>
          </li>
        ))}
    </ol>
  );
}

const isBack = (step: Step): boolean => step.state === 'refused' || step.state.startsWith('undo-');

function sentenceOf(step: Step, detail: SagaDetail) {
  const cause = detail.steps.find((other) => other.id === step.after);
  return (
    <>
      {cause === undefined ? 'says ' : `hears ${cause.event} and says `}
      <b>{step.event}</b>
      {step.fact !== '' && <span className="tx2">: {step.fact}</span>}
    </>
  );
}
