import type { Action, SagaDetail } from '../../../../src/contract/index.ts';
import { Finding, type MarkKind } from '../../parts/index.ts';
import { clock } from '../layout/scene/durations.ts';

interface Said {
  readonly tone: 'alarm' | 'caution' | 'undo' | 'ok' | 'running';
  readonly mark: MarkKind;
  readonly sentence: string;
  readonly known: string;
  readonly actions: readonly Action[];
}

/** Why it stands still, or how it ended: a sentence, what is known besides, and what can be done. Of the past nothing can be done. */
export function DiagnosisStrip({ detail, isPast }: { readonly detail: SagaDetail; readonly isPast: boolean }) {
  const now = saidOf(detail);
  if (now === null) {
    return null;
  }
  const said = isPast ? { ...now, known: `So it stood at ${clock(Date.parse(detail.now))}.`, actions: [] } : now;
  return <Finding name="Diagnosis" {...said} mark={{ kind: said.mark }} />;
}

const PERSON: readonly string[] = ['AWAITING_APPROVAL'];

function saidOf(detail: SagaDetail): Said | null {
  const { diagnosis, summary } = detail;
  if (diagnosis !== null) {
    const mark = PERSON.includes(diagnosis.code)
      ? 'person'
      : diagnosis.code === 'UNEXPECTED_EVENT'
        ? 'unexpected'
        : 'overdue';
    // What is known often says the act already.
    const act = diagnosis.remedy.split('.')[0] ?? '';
    const known = diagnosis.known.includes(act) ? diagnosis.known : `${diagnosis.known} ${diagnosis.remedy}`.trim();
    return { tone: diagnosis.tone, mark, sentence: diagnosis.sentence, known, actions: diagnosis.actions };
  }
  if (summary !== null) {
    const cancelled = detail.outcome === 'cancelled';
    return {
      tone: cancelled ? 'undo' : 'ok',
      mark: cancelled ? 'undo-done' : 'done',
      sentence: summary.sentence,
      known: summary.known,
      actions: detail.actions,
    };
  }
  const owed = detail.steps.find((step) => step.eventId === null && step.state !== 'skipped');
  return owed === undefined
    ? null
    : {
        tone: 'running',
        mark: 'running',
        sentence: `**${owed.service}** owes **${owed.event}**${owed.hears === null ? '' : ` on hearing **${owed.hears}**`}.`,
        known: 'It moves. Nothing is to be done.',
        actions: detail.actions,
      };
}
