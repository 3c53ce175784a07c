import type { Sql } from '@troupe/chassis';
import type { Judged } from '../board/judged.ts';
import type { SagaPage, SagaRow } from '../contract/saga.ts';
import { rowOf, stateOf } from '../saga/summary/row.ts';
import { countEnded, type EndedPlace, endedSagas } from '../store/ended-sagas.ts';
import { matches } from '../store/open-filter.ts';
import type { FilterName, SagaFilter } from '../store/saga-filter.ts';

/** Open sagas are judged in memory, each second; ended ones lie in the store. */
export interface OpenSagas {
  judged(): Iterable<Judged>;
  /** Those of them that have ended in the store: something of them is held up. */
  heldUp(): readonly string[];
  find(orderId: string): Judged | undefined;
}

export interface SagaListParts {
  readonly sql: Sql;
  readonly open: OpenSagas;
  readonly now: () => number;
}

/** The sections of the list, and the place of a row in it. Stuck ones stand first, those that wait for a person next. */
export type Place = { readonly section: number; readonly key: number; readonly orderId: string };

const SECTIONS = { stuck: 0, attention: 1, running: 2, done: 3 } as const;
const COUNTED = 100_000;

/** Stuck first, oldest first; then those that wait for a person; then moving, newest first; then ended, newest first. */
export async function sagaPage(
  parts: SagaListParts,
  filter: SagaFilter,
  page: { readonly after: Place | undefined; readonly limit: number },
): Promise<Omit<SagaPage, 'nextCursor' | 'without'> & { readonly next: Place | undefined }> {
  const { sql, now } = parts;
  const { after, limit } = page;
  const open = openPage(parts.open, filter, after, limit + 1);
  const room = limit + 1 - open.rows.length;
  const besides = parts.open.heldUp();
  const [ended, endedCount] = await Promise.all([
    room === 0 ? [] : endedSagas(sql, filter, { after: endedPlace(after), limit: room, besides }),
    countEnded(sql, filter, COUNTED, besides),
  ]);
  const at = now();
  const all = [
    ...open.rows.map(({ judged, place }) => ({ row: rowOf(judged.summary, judged.diagnosis, at), place })),
    ...ended.map(({ summary, endedAt, orderId }) => ({
      row: rowOf(summary, parts.open.find(orderId)?.diagnosis ?? null, at),
      place: { section: SECTIONS.done, key: -endedAt, orderId },
    })),
  ];
  const total = open.total + endedCount;
  const items: readonly SagaRow[] = all.slice(0, limit).map(({ row }) => row);
  return {
    items,
    total,
    next: all.length > limit ? all[limit - 1]?.place : undefined,
  };
}

function endedPlace(after: Place | undefined): EndedPlace | undefined {
  return after?.section === SECTIONS.done ? { endedAt: -after.key, orderId: after.orderId } : undefined;
}

/** Negative when one stands before another. */
function compare(one: Place, other: Place): number {
  if (one.section !== other.section) return one.section - other.section;
  if (one.key !== other.key) return one.key - other.key;
  return one.orderId === other.orderId ? 0 : one.orderId > other.orderId ? -1 : 1;
}

interface OpenRow {
  readonly place: Place;
  readonly judged: Judged;
}

interface OpenPage {
  readonly rows: readonly OpenRow[];
  /** How many match, on this page or not. */
  readonly total: number;
}

/** The first `limit` behind a place, without sorting all of them: a night's worth of stuck sagas may be open. */
function openPage(open: OpenSagas, filter: SagaFilter, after: Place | undefined, limit: number): OpenPage {
  const rows: OpenRow[] = [];
  let total = 0;
  for (const judged of open.judged()) {
    const place = placeIf(judged, filter);
    if (place === undefined) continue;
    total += 1;
    const last = rows[limit - 1];
    if (after !== undefined && compare(place, after) <= 0) continue;
    if (last !== undefined && compare(place, last.place) >= 0) continue;
    insert(rows, { place, judged });
    if (rows.length > limit) rows.pop();
  }
  return { rows, total };
}

/** Undefined when the saga does not match. */
function placeIf({ summary, diagnosis }: Judged, filter: SagaFilter): Place | undefined {
  const state = stateOf(summary, diagnosis);
  const since = Date.parse(diagnosis?.since ?? summary.since);
  if (!matches(summary, { state, causeKey: diagnosis?.causeKey ?? null, since }, filter)) return undefined;
  const key = state === 'running' ? -Date.parse(summary.placedAt) : since;
  return { section: SECTIONS[state], key, orderId: summary.orderId };
}

function insert(rows: OpenRow[], row: OpenRow): void {
  let [from, to] = [0, rows.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (compare((rows[middle] as OpenRow).place, row.place) < 0) from = middle + 1;
    else to = middle;
  }
  rows.splice(from, 0, row);
}

/** How many there would be without each filter that is set. */
export async function countsWithout(
  parts: SagaListParts,
  filter: SagaFilter,
): Promise<Readonly<Record<string, number>>> {
  const set = (Object.keys(filter) as FilterName[]).filter((name) => filter[name] !== undefined);
  const counts = set.map(async (name) => {
    const wider: SagaFilter = { ...filter, [name]: undefined };
    return [
      name,
      openPage(parts.open, wider, undefined, 0).total +
        (await countEnded(parts.sql, wider, COUNTED, parts.open.heldUp())),
    ] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}
