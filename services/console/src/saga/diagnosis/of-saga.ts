import type { SetAside, Work } from '../../contract/event.ts';
import type { Facts, ServiceAnswer, ServiceFacts } from '../input.ts';

/** What the services say of one saga, of all that they list. */
export interface OfSaga {
  readonly calls: readonly Work[];
  readonly setAside: readonly SetAside[];
  readonly refused: ServiceFacts['refused'];
  readonly unpublished: readonly Unpublished[];
  readonly lateTimers: readonly Work[];
  /** When a timer of it should have gone off that has not; null: none is known to be late. */
  readonly lateAt: number | null;
}

type Unpublished = ServiceAnswer['unpublished'][number] & { readonly service: string };

interface Collected {
  readonly calls: Work[];
  readonly setAside: SetAside[];
  readonly refused: ServiceFacts['refused'][number][];
  readonly unpublished: Unpublished[];
  readonly lateTimers: Work[];
  lateAt: number | null;
}

const nothing = (): Collected => ({
  calls: [],
  setAside: [],
  refused: [],
  unpublished: [],
  lateTimers: [],
  lateAt: null,
});
const NOTHING: OfSaga = nothing();
const indexed = new WeakMap<Facts, Map<string, Collected>>();

/** Facts are asked for once a second and looked at for each open saga: their lists are gone through once. */
const indexOf = (facts: Facts): ReadonlyMap<string, OfSaga> => {
  const known = indexed.get(facts) ?? index(facts);
  indexed.set(facts, known);
  return known;
};

export const factsOfSaga = (facts: Facts, sagaId: string): OfSaga => indexOf(facts).get(sagaId) ?? NOTHING;

/** The sagas that some service lists, those first of which something is on no topic. */
export const sagasListed = (facts: Facts): Iterable<string> => indexOf(facts).keys();

/** What services list of a saga, as if each had been asked for it alone. */
export function answersListed(facts: Facts, sagaId: string): readonly ServiceAnswer[] {
  const { calls, setAside, unpublished, lateTimers } = factsOfSaga(facts, sagaId);
  const work = [...calls, ...lateTimers];
  const services = new Set([...work, ...setAside, ...unpublished].map(({ service }) => service));
  const of = <One extends { readonly service: string }>(all: readonly One[], name: string) =>
    all.filter(({ service }) => service === name);
  return [...services].map((service) => ({
    service,
    received: [],
    work: of(work, service),
    setAside: of(setAside, service),
    unpublished: of(unpublished, service),
  }));
}

function index(facts: Facts): Map<string, Collected> {
  const bySaga = new Map<string, Collected>();
  const of = (sagaId: string | null): Collected | undefined => {
    if (sagaId === null) return undefined;
    const known = bySaga.get(sagaId) ?? nothing();
    bySaga.set(sagaId, known);
    return known;
  };
  const services = Object.values(facts.services);
  for (const { service, refused, unpublished = [] } of services) {
    for (const event of unpublished) of(event.sagaId)?.unpublished.push({ ...event, service });
    for (const record of refused) of(record.sagaId)?.refused.push(record);
  }
  for (const { service, calls, setAside, lateTimers = [] } of services) {
    for (const call of calls) of(call.sagaId)?.calls.push(call);
    for (const letter of setAside) of(letter.sagaId)?.setAside.push(letter);
    for (const { name, sagaId, dueAt } of lateTimers) {
      const saga = of(sagaId);
      saga?.lateTimers.push({ ...NEVER_TRIED, service, name, key: sagaId, since: dueAt, dueAt });
      if (saga !== undefined) saga.lateAt = Date.parse(dueAt);
    }
  }
  return bySaga;
}

const NEVER_TRIED = {
  kind: 'timer',
  attempts: 0,
  lastError: null,
  isBeingMade: false,
  causationId: null,
} as const;
