import type { SagaRow } from '../../../src/contract/saga.ts';
import type { Section } from './sections.ts';

export interface HeldList {
  readonly sections: readonly Section[];
  /** Rows that are shown and have left their section: hollow until "show". */
  readonly gone: ReadonlySet<string>;
  /** By section: how many rows wait behind "27 newer, show". */
  readonly newer: Readonly<Record<string, number>>;
  /** Causes that are not shown yet. */
  readonly newCauses: number;
}

/**
 * What is shown while somebody looks closely: each row stays in its place and takes its newest state, figures of a section change, and
 * nothing is added, moved or taken away.
 *
 * A section gives only its first rows, so one that is not among them may just have been pushed down. It has left when its section is given
 * whole without it, or when its newest state or cause is another.
 *
 * @param shown what was on the page when it was held
 * @param incoming how things stand
 * @param fresh newest states of single rows, which may be in no section any more
 */
export function heldList(
  shown: readonly Section[],
  incoming: readonly Section[],
  fresh: ReadonlyMap<string, SagaRow>,
): HeldList {
  const now = new Map(incoming.map((section) => [section.id, section]));
  const states = new Map(incoming.flatMap(({ rows }) => rows.map((row) => [row.orderId, row] as const)));
  const gone = new Set<string>();
  const newer: Record<string, number> = {};
  const sections = shown.map((section) => {
    const next = now.get(section.id);
    const still = new Set(next?.rows.map(({ orderId }) => orderId));
    const known = new Set(section.rows.map(({ orderId }) => orderId));
    const isWhole = next === undefined || next.rows.length >= next.total;
    for (const { orderId, state, causeKey } of section.rows) {
      if (still.has(orderId)) continue;
      const newest = states.get(orderId) ?? fresh.get(orderId);
      const isOther = newest !== undefined && (newest.state !== state || newest.causeKey !== causeKey);
      if (isWhole || isOther) gone.add(orderId);
    }
    const added = (next?.rows ?? []).filter(({ orderId }) => !known.has(orderId)).length;
    if (added > 0) newer[section.id] = added;
    return {
      ...section,
      cause: next?.cause ?? section.cause,
      total: next?.total ?? 0,
      rows: section.rows.map((row) => states.get(row.orderId) ?? fresh.get(row.orderId) ?? row),
    };
  });
  const ids = new Set(shown.map(({ id }) => id));
  const newCauses = incoming.filter(({ id }) => id.startsWith('cause:') && !ids.has(id)).length;
  return { sections, gone, newer, newCauses };
}

/** Nothing is held: what is shown is how things stand. */
export const freeList = (sections: readonly Section[]): HeldList => ({
  sections,
  gone: new Set(),
  newer: {},
  newCauses: 0,
});
