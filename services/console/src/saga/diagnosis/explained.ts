import type { Diagnosis, DiagnosisCode } from '../../contract/diagnosis.ts';
import type { Case, Waits } from './case.ts';
import { causeOf } from './cause.ts';
import { PRECEDENCE } from './precedence.ts';

const UNEXPLAINED: ReadonlySet<DiagnosisCode> = new Set(['NO_ANSWER']);
const EXPLAINED: ReadonlySet<DiagnosisCode> = new Set(
  PRECEDENCE.map(({ code }) => code).filter((code) => !UNEXPLAINED.has(code)),
);

/** What explains it. Where nothing does, the deadline may have been missed besides: then it tells more than a late step. */
export const explained = (at: Case): Diagnosis | null =>
  causeOf(at, EXPLAINED) ?? lateDeadline(at) ?? causeOf(at, UNEXPLAINED);

/** Once its deadline is over, the order owes its own end. */
function lateDeadline(at: Case): Diagnosis | null {
  if (at.deadlineAt === null || at.now <= at.deadlineAt) return null;
  const { deadlineAt: since, deadlineBy: service } = at;
  const waits: Waits = { ...at.waits, kind: 'timer', service, since, dueAt: since };
  return causeOf({ ...at, waits, stage: 'asked' }, OF_A_TIMER);
}

const OF_A_TIMER: ReadonlySet<DiagnosisCode> = new Set([
  'BROKER_AWAY',
  'DATABASE_AWAY',
  'CONSUMER_AWAY',
  'DEADLINE_MISSED',
]);
