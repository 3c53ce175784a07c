import type { Diagnosis } from '../../contract/diagnosis.ts';
import type { SagaRow, SagaState, StepState, TrailMark } from '../../contract/saga.ts';
import type { SagaSummary } from '../input.ts';
import { endedWords, selfCancelWords } from '../shop/row-words.ts';
import { durationOf, eitherOf, strong } from '../words.ts';

/** How a saga stands, with the cause that was found for it. */
export function stateOf(summary: Pick<SagaSummary, 'open' | 'person'>, diagnosis: Diagnosis | null): SagaState {
  if (diagnosis !== null && diagnosis.tone === 'alarm' && summary.person === null) return 'stuck';
  if (summary.person !== null) return diagnosis === null || PERSONS.has(diagnosis.code) ? 'attention' : 'stuck';
  if (diagnosis !== null && summary.open) return 'stuck';
  return summary.open ? 'running' : 'done';
}

/** Of these a person is the cure, and nothing is broken. */
const PERSONS: ReadonlySet<string> = new Set(['AWAITING_APPROVAL', 'COMPENSATION_FAILED', 'SAGA_STEP_WAITING']);

/** The line of a list. */
export function rowOf(summary: SagaSummary, diagnosis: Diagnosis | null, now: number): SagaRow {
  const { orderId, style, outcome, customerId, total, items, placedAt, endedAt, turningBack } = summary;
  const state = stateOf(summary, diagnosis);
  const mark = markOf(summary, diagnosis, now);
  return {
    orderId,
    style,
    state,
    outcome,
    customerId,
    total,
    items,
    placedAt,
    endedAt,
    since: diagnosis?.since ?? summary.since,
    there: summary.there.map((at) => marked(at, mark)),
    back: summary.back.map((at) => marked(at, mark)),
    standsAt: standsAt(summary, diagnosis, now),
    turningBack,
    code: diagnosis?.code ?? null,
    causeKey: diagnosis?.causeKey ?? null,
  };
}

type Marking = (state: StepState) => StepState;
const marked = ({ service, state }: TrailMark, mark: Marking): TrailMark => ({ service, state: mark(state) });

/** What is running is drawn as overdue, dead or parked when that is what holds it up. */
function markOf({ owes }: SagaSummary, diagnosis: Diagnosis | null, now: number): Marking {
  const isOverdue = owes?.dueAt != null && Date.parse(owes.dueAt) < now && owes.kind === 'answer';
  const held: StepState | null =
    diagnosis?.code === 'DEAD_LETTER'
      ? 'dead'
      : diagnosis?.code === 'BEHIND_DEAD_LETTER'
        ? 'parked'
        : isOverdue || diagnosis?.tone === 'alarm'
          ? 'overdue'
          : null;
  return (state) => (held !== null && (state === 'running' || state === 'undo-running') ? held : state);
}

function standsAt(summary: SagaSummary, diagnosis: Diagnosis | null, now: number): string {
  const { owes, open, endedAt } = summary;
  if (!open && endedAt !== null) return endedWords(summary);
  if (owes === null) return 'between two steps';
  const { service, oneOf, dueAt, kind, withinMs } = owes;
  const leftMs = dueAt === null ? null : Date.parse(dueAt) - now;
  if (kind === 'decision') return leftMs === null ? 'waits for a person' : `times out in ${strong(durationOf(leftMs))}`;
  if (kind === 'undo again') {
    if (leftMs === null) return 'nobody tries any more: needs a person';
    return leftMs > 0 ? `is tried again in ${strong(durationOf(leftMs))}` : 'is being tried again';
  }
  const owed = `${service} owes ${eitherOf(oneOf.slice(0, 1))}`;
  if (diagnosis !== null || (leftMs !== null && leftMs < 0)) return selfCancelWords(summary, now) ?? owed;
  if (leftMs === null || withinMs === null) return owed;
  return `${owed}, due in ${strong(durationOf(leftMs))}`;
}
