import type { Choreography, MapRow } from '../map/choreography.ts';
import { rowName } from '../map/rows.ts';

/** One difference between two maps. */
export interface Change {
  readonly kind: 'added' | 'removed' | 'moved' | 'changed';
  /** What it is a change of: the whole of it, or a part. */
  readonly of: 'service' | 'event' | 'field' | 'row' | 'saga';
  /** An event, an event with its field, a row, a saga. */
  readonly place: string;
  /** What was before and what is now, for people. Empty when the place says all. */
  readonly text: string;
  /** The services that the change is of, and those that meet it because they hear it. */
  readonly services: readonly string[];
}

/** The rows of a map by their names. A row that acts differently in each style has a name for each. */
export const rowsByName = (map: Choreography): Map<string, MapRow> =>
  new Map(map.services.flatMap(({ rows }) => rows).map((row) => [styledName(row), row]));

export const styledName = (row: MapRow): string =>
  row.style === undefined ? rowName(row) : `${rowName(row)} (${row.style})`;

/** What is only in the first, what is only in the second, and what is in both. */
export function compared<T>(before: ReadonlyMap<string, T>, now: ReadonlyMap<string, T>) {
  return {
    removed: [...before].filter(([name]) => !now.has(name)),
    added: [...now].filter(([name]) => !before.has(name)),
    kept: [...before].flatMap(([name, old]) => {
      const other = now.get(name);
      return other === undefined ? [] : [{ name, before: old, now: other }];
    }),
  };
}

/** `emits +A -B`, when the lists differ. */
export function listChange(word: string, before: readonly string[], now: readonly string[]): string[] {
  const added = now.filter((name) => !before.includes(name)).map((name) => `+${name}`);
  const removed = before.filter((name) => !now.includes(name)).map((name) => `-${name}`);
  return added.length + removed.length === 0 ? [] : [`${word} ${[...added, ...removed].join(' ')}`];
}

/** `owner: order → payment`, when the values differ. */
export function valueChange(word: string, before: string | undefined, now: string | undefined): string[] {
  return before === now ? [] : [`${word} ${before ?? 'none'} → ${now ?? 'none'}`];
}
