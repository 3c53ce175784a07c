import type { SagaEvent } from '../../contract/event.ts';

/** What was said, or is assumed to be said next: as much of an event as the rules of owing need. */
export interface Said {
  readonly id: string;
  readonly type: string;
  readonly service: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly causeId: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** The events of a saga in one order, whatever the order in which they were read. */
export interface Told {
  readonly all: readonly Said[];
  /** The event that the saga begins with, as far as it is known. */
  readonly root: Said | undefined;
  byId(id: string | null): Said | undefined;
  of(type: string): Said | undefined;
  /** The last of a type. */
  lastOf(type: string): Said | undefined;
  has(type: string): boolean;
}

export const saidOf = ({ id, type, service, at, causationId, payload }: SagaEvent): Said => ({
  id,
  type,
  service,
  at: Date.parse(at),
  causeId: causationId === id ? null : causationId,
  payload,
});

/** By time, and by cause where two moments are the same: an event lies deeper than what caused it. Each once, as it stands first. */
export function inOrder(events: readonly SagaEvent[]): SagaEvent[] {
  const sorted = [...events].sort(
    (one, other) =>
      compared(one.at, other.at) ||
      one.depth - other.depth ||
      compared(one.id, other.id) ||
      compared(one.publishedAt, other.publishedAt) ||
      compared(`${one.topic}/${one.partition}/${one.offset}`, `${other.topic}/${other.partition}/${other.offset}`),
  );
  return [...new Map(sorted.toReversed().map((event) => [event.id, event])).values()].toReversed();
}

const compared = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

export function toldBy(all: readonly Said[], begins: ReadonlySet<string>): Told {
  const ids = new Map(all.map((said) => [said.id, said]));
  const first = new Map<string, Said>();
  const last = new Map<string, Said>();
  for (const said of all) {
    if (!first.has(said.type)) first.set(said.type, said);
    last.set(said.type, said);
  }
  return {
    all,
    root:
      all.find(({ type, causeId }) => begins.has(type) && causeId === null) ?? all.find(({ type }) => begins.has(type)),
    byId: (id) => (id === null ? undefined : ids.get(id)),
    of: (type) => first.get(type),
    lastOf: (type) => last.get(type),
    has: (type) => first.has(type),
  };
}
