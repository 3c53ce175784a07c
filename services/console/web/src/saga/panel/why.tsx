import type { SagaDetail, Step } from '../../../../src/contract/index.ts';
import { figureOf } from '../../../../src/saga/words.ts';
import { Mark } from '../../parts/index.ts';

/** What it follows from, and by which line of whose table. */
export function Why({
  detail,
  step,
  onChoose,
}: {
  readonly detail: SagaDetail;
  readonly step: Step;
  readonly onChoose: (id: string) => void;
}) {
  const cause = detail.steps.find((other) => other.id === step.after);
  const work = detail.work.find(
    (one) => one.service === step.service && one.causationId === step.hearsId && one.kind === 'call',
  );
  return (
    <section className="p-s">
      <h3>Why</h3>
      {cause !== undefined && (
        <p className="chain">
          <Mark kind={cause.state} size={14} />
          <button type="button" className="link" onClick={() => onChoose(cause.id)}>
            {cause.event}
          </button>
          <span className="tx3">
            {cause.service}
            {cause.at === null ? '' : `, +${figureOf(Date.parse(cause.at) - Date.parse(detail.placedAt))}`}
          </span>
        </p>
      )}
      <p className="tx2">
        {sentenceOf(step, cause)}
        {work !== undefined && (
          <span className="tx3">{` Call ${work.name}, ${work.attempts} ${work.attempts === 1 ? 'attempt' : 'attempts'}${work.lastError === null ? '' : `: ${work.lastError}`}.`}</span>
        )}
      </p>
    </section>
  );
}

function sentenceOf(step: Step, cause: Step | undefined): string {
  if (step.state === 'unexpected') {
    return `No table of this build lets ${step.service} say ${step.event} here.`;
  }
  const answers = step.eventId === null && step.oneOf.length > 1 ? `one of ${step.oneOf.join(', ')}` : step.event;
  if (step.hears === null) {
    return `${step.service} said it of itself.`;
  }
  const verb = step.eventId === null ? 'owes' : 'says';
  const isEvent = cause?.event === step.hears;
  return `${step.service} ${verb} ${answers} ${isEvent ? 'on hearing' : 'by'} ${step.hears}.`;
}
