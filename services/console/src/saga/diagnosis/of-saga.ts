import type { SetAside, Work } from '../../contract/event.ts';
import type { Facts, ServiceFacts } from '../input.ts';

/** What the services say of one saga, of all that they list. */
export interface OfSaga {
  readonly calls: readonly Work[];
  readonly setAside: readonly SetAside[];
  readonly refused: ServiceFacts['refused'];
  /** When a timer of it should have gone off that has not; null: none is known to be late. */
  readonly lateAt: number | null;
}

interface Collected {
  readonly calls: Work[];
  readonly setAside: SetAside[];
  readonly refused: ServiceFacts['refused'][number][];
  lateAt: number | null;
}

const NOTHING: OfSaga = { calls: [], setAside: [], refused: [], lateAt: null };
const indexed = new WeakMap<Facts, Map<string, Collected>>();

/** Facts are asked for once a second and looked at for each open saga: their lists are gone through once. */
export function factsOfSaga(facts: Facts, sagaId: string): OfSaga {
  const known = indexed.get(facts) ?? index(facts);
  indexed.set(facts, known);
  return known.get(sagaId) ?? NOTHING;
}

function index(facts: Facts): Map<string, Collected> {
  const bySaga = new Map<string, Collected>();
  const of = (sagaId: string | null): Collected | undefined => {
    if (sagaId === null) return undefined;
    const known = bySaga.get(sagaId) ?? { calls: [], setAside: [], refused: [], lateAt: null };
    bySaga.set(sagaId, known);
    return known;
  };
  for (const { calls, setAside, refused, lateTimers = [] } of Object.values(facts.services)) {
    for (const call of calls) of(call.sagaId)?.calls.push(call);
    for (const letter of setAside) of(letter.sagaId)?.setAside.push(letter);
    for (const record of refused) of(record.sagaId)?.refused.push(record);
    for (const { sagaId, dueAt } of lateTimers) {
      const saga = of(sagaId);
      if (saga !== undefined) saga.lateAt = Date.parse(dueAt);
    }
  }
  return bySaga;
}
