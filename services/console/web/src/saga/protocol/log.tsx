import type { LoggedStep, SagaLogView } from '../../../../src/contract/index.ts';
import { figureOf } from '../../../../src/saga/words.ts';
import { fullMoment, Mark, type MarkKind, ServiceBadge } from '../../parts/index.ts';
import { clock } from '../layout/scene/durations.ts';

/** What the orchestrator has written down: each step, and on the same line its compensation. */
export function OrchestratorLog({ log }: { readonly log: SagaLogView }) {
  return (
    <section className="proto" aria-label="The orchestrator's log">
      <header>
        <h2>The orchestrator’s log</h2>
        <span className="tx3">{summaryOf(log)}</span>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys. */}
      <section className="tw" tabIndex={0} aria-label="The log as a table">
        <table className="tbl">
          <thead>
            <tr>
              <th scope="col">Step</th>
              <th scope="col">asked</th>
              <th scope="col">at</th>
              <th scope="col" className="r">
                took
              </th>
              <th scope="col">It came to</th>
              <th scope="col">Undone by</th>
            </tr>
          </thead>
          <tbody>
            {log.steps.map((step) => (
              <tr key={step.id}>
                <td>{step.name}</td>
                <td>
                  {step.service === null ? <span className="tx3">itself</span> : <ServiceBadge name={step.service} />}
                </td>
                <td className="num">
                  {step.startedAt !== null && (
                    <time title={fullMoment(step.startedAt)}>{clock(Date.parse(step.startedAt))}</time>
                  )}
                </td>
                <td className="r num">{tookOf(step)}</td>
                <td className="wrap">
                  <Standing step={step} back={false} />
                </td>
                <td className="wrap">
                  {step.compensation === null ? (
                    <span className="tx3">–</span>
                  ) : (
                    <Standing step={step.compensation} back />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

type Logged = Omit<LoggedStep, 'compensation'>;

function Standing({ step, back }: { readonly step: Logged; readonly back: boolean }) {
  const took = back ? tookOf(step) : '';
  return (
    <span className="v">
      <Mark kind={markOf(step, back)} />
      {back ? `${step.name}: ${wordOf(step)}` : wordOf(step)}
      {step.attempts > 1 && <span className="tx3">{`${step.attempts} attempts`}</span>}
      {took !== '' && <span className="tx3 num">{took}</span>}
      {step.detail !== null && <span className="tx3">{step.detail}</span>}
    </span>
  );
}

const wordOf = (step: Logged): string => step.status.toLowerCase().replaceAll('_', ' ');

function markOf(step: Logged, back: boolean): MarkKind {
  const word = wordOf(step);
  if (/fail|refus|reject/.test(word)) {
    return back ? 'undo-failed' : 'refused';
  }
  if (step.endedAt !== null || /done|complet|succe|compensated/.test(word)) {
    return back ? 'undo-done' : 'done';
  }
  return step.startedAt === null ? (back ? 'undo-expected' : 'expected') : back ? 'undo-running' : 'running';
}

const tookOf = (step: Logged): string =>
  step.startedAt === null || step.endedAt === null
    ? ''
    : figureOf(Date.parse(step.endedAt) - Date.parse(step.startedAt));

function summaryOf(log: SagaLogView): string {
  const cause =
    log.cause === null ? '' : `, ${log.cause.code}${log.cause.detail === null ? '' : `: ${log.cause.detail}`}`;
  const asking =
    log.asking === null
      ? ''
      : `; asks for ${log.asking.step}, ${log.asking.attempts} ${log.asking.attempts === 1 ? 'attempt' : 'attempts'}${log.asking.lastError === null ? '' : `, last: ${log.asking.lastError}`}`;
  return `${log.status.toLowerCase().replaceAll('_', ' ')}${cause}${asking}`;
}
