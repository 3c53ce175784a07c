import type { Sql } from '@troupe/chassis';
import type { Diagnosis } from '../contract/diagnosis.ts';
import type { SagaPage, SagaRow } from '../contract/saga.ts';
import type { SagaSummary } from '../saga/input.ts';
import { rowOf, stateOf } from '../saga/summary/row.ts';
import { countEnded, type EndedPlace, endedSagas } from '../store/ended-sagas.ts';
import { matches } from '../store/open-filter.ts';
import type { FilterName, SagaFilter } from '../store/saga-filter.ts';

/** An open saga, as it was judged last. */
export interface Judged {
  readonly summary: SagaSummary;
  readonly diagnosis: Diagnosis | null;
}

/** Open sagas are judged in memory, each second; ended ones lie in the store. */
export interface OpenSagas {
  judged(): Iterable<Judged>;
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
): Promise<Omit<SagaPage, 'nextCursor'> & { readonly next: Place | undefined }> {
  const { sql, now } = parts;
  const open = openSagas(parts, filter);
  const { after, limit } = page;
  const rest = after === undefined ? open : open.filter((saga) => compare(saga.place, after) > 0);
  const shown = rest.slice(0, limit);
  const room = limit + 1 - shown.length;
  const endedAfter: EndedPlace | undefined =
    after?.section === SECTIONS.done ? { endedAt: -after.key, orderId: after.orderId } : undefined;
  const [ended, endedCount] = await Promise.all([
    rest.length > limit ? [] : endedSagas(sql, filter, { after: endedAfter, limit: room }),
    countEnded(sql, filter, COUNTED),
  ]);
  const at = now();
  const all = [
    ...rest.slice(0, limit + 1).map(({ row, place }) => ({ row: row(at), place })),
    ...ended.map(({ summary, endedAt, orderId }) => ({
      row: rowOf(summary, null, at),
      place: { section: SECTIONS.done, key: -endedAt, orderId },
    })),
  ];
  const total = open.length + endedCount;
  const items: readonly SagaRow[] = all.slice(0, limit).map(({ row }) => row);
  return {
    items,
    total,
    without: total === 0 ? await countsWithout(parts, filter) : {},
    next: all.length > limit ? all[limit - 1]?.place : undefined,
  };
}

/** Negative when one stands before another. */
function compare(one: Place, other: Place): number {
  return (
    one.section - other.section ||
    one.key - other.key ||
    (one.orderId < other.orderId ? 1 : -1) * Number(one.orderId !== other.orderId)
  );
}

interface OpenRow {
  readonly place: Place;
  row(now: number): SagaRow;
}

function openSagas({ open }: SagaListParts, filter: SagaFilter): readonly OpenRow[] {
  const found: OpenRow[] = [];
  for (const { summary, diagnosis } of open.judged()) {
    const state = stateOf(summary, diagnosis);
    const since = Date.parse(diagnosis?.since ?? summary.since);
    if (!matches(summary, { state, causeKey: diagnosis?.causeKey ?? null, since }, filter)) continue;
    const { orderId, placedAt } = summary;
    const key = state === 'running' ? -Date.parse(placedAt) : since;
    found.push({ place: { section: SECTIONS[state], key, orderId }, row: (now) => rowOf(summary, diagnosis, now) });
  }
  return found.sort((one, other) => compare(one.place, other.place));
}

/** How many there would be without each filter that is set. */
async function countsWithout(parts: SagaListParts, filter: SagaFilter): Promise<Readonly<Record<string, number>>> {
  const set = (Object.keys(filter) as FilterName[]).filter((name) => filter[name] !== undefined);
  const counts = set.map(async (name) => {
    const wider: SagaFilter = { ...filter, [name]: undefined };
    return [name, openSagas(parts, wider).length + (await countEnded(parts.sql, wider, COUNTED))] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}
