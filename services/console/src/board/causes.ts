import type { Diagnosis } from '../contract/diagnosis.ts';
import type { Cause, Money } from '../contract/saga.ts';
import { rowOf } from '../saga/summary/row.ts';
import type { Judged } from './judged.ts';

/** So many rows stand below a cause at once. */
const SHOWN = 3;

/** Judges one saga in words that are for it alone. */
type Alone = (saga: Judged) => Diagnosis | null;

/** Sagas that stand still, by their causes: alarms first, and among each the one that has lasted longest. */
export function causesOf(sagas: readonly Judged[], alone: Alone, now: number): readonly Cause[] {
  const groups = new Map<string, Judged[]>();
  for (const saga of sagas) {
    if (saga.diagnosis === null) continue;
    const { causeKey } = saga.diagnosis;
    const group = groups.get(causeKey);
    if (group === undefined) groups.set(causeKey, [saga]);
    else group.push(saga);
  }
  return [...groups].map(([key, group]) => causeOf(key, group, alone, now)).sort(worst);
}

function causeOf(key: string, group: readonly Judged[], alone: Alone, now: number): Cause {
  const sorted = [...group].sort((one, other) => compared(sinceOf(one), sinceOf(other)));
  const first = sorted.slice(0, SHOWN);
  const oldest = sorted[0] as Judged;
  // One alone is told as it is, with its own times.
  const own = group.length === 1 ? alone(oldest) : null;
  return {
    key,
    diagnosis: own?.causeKey === key ? own : (oldest.diagnosis as Cause['diagnosis']),
    count: group.length,
    money: sumOf(group),
    oldest: sinceOf(oldest),
    first: first.map(({ summary, diagnosis }) => rowOf(summary, diagnosis, now)),
  };
}

/** Since when the saga stands there: a fault may be older than most of those that it holds up. */
const sinceOf = ({ summary }: Judged): string => summary.since;
const compared = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const TONES = { alarm: 0, caution: 1 } as const;
const worst = (one: Cause, other: Cause): number =>
  TONES[one.diagnosis.tone] - TONES[other.diagnosis.tone] || compared(one.oldest, other.oldest);

/** Null where there is none, or not all of it is of one currency. */
function sumOf(group: readonly Judged[]): Money | null {
  const totals = group.flatMap(({ summary: { total } }) => (total === null ? [] : [total]));
  const [first] = totals;
  if (first === undefined || totals.some(({ currency }) => currency !== first.currency)) return null;
  return { amount: totals.reduce((sum, { amount }) => sum + amount, 0), currency: first.currency };
}
