import { useCallback, useMemo, useState } from 'react';
import type { Overview, SagaPage } from '../../../src/contract/saga.ts';
import { Failed, Loading } from '../parts/index.ts';
import { useAll, useChanges, useFirst } from './data.ts';
import { type Filters, queryOf } from './filters.ts';
import { freeList, heldList } from './hold.ts';
import { CauseLine } from './line-views.tsx';
import { linesOf, orderIdsOf, waitingText } from './lines.ts';
import { SagaList } from './list.tsx';
import { NoSagaYet, NothingMatches } from './nothing.tsx';
import { groupedSections, type Section } from './sections.ts';

interface ListProps {
  readonly filters: Filters;
  readonly overview: Overview | undefined;
  /** Nothing is added, moved or taken away. */
  readonly held: boolean;
  readonly onClose: (close: boolean) => void;
}

const STILL = 'stuck,attention';
const SOME = 200;

/** Causes, worst first, with the oldest sagas of each; then what moves, then what has ended. */
export function SagasByCause({ filters, overview, held, onClose }: ListProps) {
  const isFiltered = queryOf(filters).size > 0;
  const states = filters.state?.split(',') ?? [];
  const wants = (state: string) => states.length === 0 || states.includes(state);
  const stillStates = STILL.split(',').filter(wants).join(',');
  const open = filters.outcome === undefined;
  const still = useFirst(isFiltered && open && stillStates !== '' ? { ...filters, state: stillStates } : null, SOME);
  const moving = useFirst(open && wants('running') ? { ...filters, state: 'running' } : null);
  const ended = useFirst(wants('done') && filters.back === undefined ? { ...filters, state: 'done' } : null);
  const asked = [still, moving, ended];
  const failed = asked.find(({ error }) => error !== null);
  const sections = useMemo(
    () =>
      groupedSections({
        overview,
        still: isFiltered ? (still.data ?? NONE) : null,
        moving: moving.data ?? null,
        ended: ended.data ?? null,
      }),
    [overview, isFiltered, still.data, moving.data, ended.data],
  );
  if (failed) return <Failed error={failed.error} onRetry={() => void failed.refetch()} />;
  if (asked.some(({ isLoading }) => isLoading)) return <Loading what="the sagas" lines={9} />;
  if (sections.length === 0) {
    if (!isFiltered) return <NoSagaYet />;
    const without = asked.map(({ data }) => data).find((page) => page !== undefined);
    return <NothingMatches filters={filters} page={without ?? NONE} />;
  }
  return <HeldSections sections={sections} held={held} onClose={onClose} />;
}

/** One long list, all of it reachable by scrolling. */
export function AllSagas({ filters, overview, held, onClose }: ListProps) {
  const all = useAll(filters);
  const head = useFirst(filters, 100);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = all;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const sections = useMemo(() => sectionOfAll(head.data, all.data?.pages ?? []), [head.data, all.data]);
  const cause = overview?.causes.find(({ key }) => key === filters.cause);
  if (all.error) return <Failed error={all.error} onRetry={() => void all.refetch()} />;
  if (all.isLoading) return <Loading what="the sagas" lines={9} />;
  const first = sections[0];
  if (first === undefined || first.rows.length === 0) {
    if (queryOf(filters).size === 0) return <NoSagaYet />;
    return <NothingMatches filters={filters} page={all.data?.pages[0] ?? NONE} />;
  }
  return (
    <>
      {cause && <CauseHead cause={cause} />}
      <HeldSections sections={sections} held={held} onClose={onClose} onEnd={onEnd} />
    </>
  );
}

const CauseHead = ({ cause }: { readonly cause: NonNullable<Overview['causes'][number]> }) => (
  <div role="table" aria-label="The cause" className="cause-head">
    <div role="row">
      <CauseLine cause={cause} gone={false} />
    </div>
  </div>
);

/** The newest first page, and after it what the further pages hold besides. */
function sectionOfAll(head: SagaPage | undefined, pages: readonly SagaPage[]): readonly Section[] {
  const newest = pages.length === 1 && head !== undefined ? [head] : pages;
  const rows = new Map(newest.flatMap(({ items }) => items.map((row) => [row.orderId, row] as const)));
  const total = head?.total ?? pages[0]?.total ?? 0;
  return [{ id: 'all', cause: null, rows: [...rows.values()], total }];
}

/** While it is held, what was shown when that began stays; "show" takes how things stand. */
function HeldSections(props: {
  readonly sections: readonly Section[];
  readonly held: boolean;
  readonly onClose: (close: boolean) => void;
  readonly onEnd?: () => void;
}) {
  const { sections, held, onClose, onEnd } = props;
  const [base, setBase] = useState(sections);
  if (!held && base !== sections) setBase(sections);
  const grown = held && grows(base, sections) ? sections : base;
  if (grown !== base) setBase(grown);
  const shownIds = useMemo(() => orderIdsOf(linesOf(freeList(base))), [base]);
  const fresh = useChanges(shownIds);
  const list = useMemo(
    () => (held ? heldList(base, sections, fresh) : freeList(sections)),
    [held, base, sections, fresh],
  );
  const lines = useMemo(() => linesOf(list), [list]);
  return (
    <SagaList
      lines={lines}
      waiting={waitingText(list)}
      onShow={() => setBase(sections)}
      onClose={onClose}
      {...(onEnd && { onEnd })}
    />
  );
}

/** Another page was read at the end of one long list: nothing that is shown moves by that. */
function grows(base: readonly Section[], next: readonly Section[]): boolean {
  const [was, is] = [base[0], next[0]];
  if (was?.id !== 'all' || is?.id !== 'all' || is.rows.length <= was.rows.length) return false;
  return was.rows.every(({ orderId }, at) => is.rows[at]?.orderId === orderId);
}

const NONE: SagaPage = { items: [], nextCursor: null, total: 0, without: {} };
