import { keepPreviousData, useQuery as useAsked, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Overview, SagaPage, SagaRow } from '../../../src/contract/saga.ts';
import { get, useLive, useLiveEach } from '../parts/index.ts';
import { type Filters, queryOf } from './filters.ts';

const PAGE = 100;
/** Of each of moving and ended, beside the causes. */
const FEW = 25;
/** What changed is asked for at most this often: a busy system changes with every look. */
const AGAIN_MS = 1500;

/** The counters and causes: as the stream sends them, and asked for once until it does. */
export function useOverview() {
  const sent = useLive('overview');
  const asked = useAsked({
    queryKey: ['overview'],
    queryFn: ({ signal }) => get<Overview>('/api/overview', signal),
    enabled: sent === undefined,
  });
  return { overview: sent ?? asked.data, error: sent === undefined ? asked.error : null, retry: asked.refetch };
}

/** The first sagas that match; null filters ask for nothing. */
export function useFirst(filters: Filters | null, limit = FEW) {
  const query = filters === null ? '' : `${queryOf(filters)}&limit=${limit}`;
  return useAsked({
    queryKey: ['sagas', 'first', query],
    queryFn: ({ signal }) => get<SagaPage>(`/api/sagas?${query}`, signal),
    enabled: filters !== null,
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });
}

/** All that match, a page at a time. It is not asked for again by itself: that would read every page that was seen. */
export function useAll(filters: Filters | null) {
  const query = filters === null ? '' : `${queryOf(filters)}&limit=${PAGE}`;
  return useInfiniteQuery({
    queryKey: ['sagas', 'all', query],
    queryFn: ({ signal, pageParam }) =>
      get<SagaPage>(`/api/sagas?${query}${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor,
    enabled: filters !== null,
    refetchOnWindowFocus: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Asks again for first pages when the stream says that sagas changed, and for the newest state of rows that are on the page. */
export function useChanges(shownIds: readonly string[]): ReadonlyMap<string, SagaRow> {
  const client = useQueryClient();
  const [fresh, setFresh] = useState<ReadonlyMap<string, SagaRow>>(new Map());
  const changed = useRef(new Set<string>());
  const shown = useRef(shownIds);
  useEffect(() => {
    shown.current = shownIds;
  }, [shownIds]);
  const again = useThrottled(async () => {
    void client.invalidateQueries({ queryKey: ['sagas', 'first'] });
    const ids = shown.current.filter((id) => changed.current.has(id)).slice(0, 60);
    changed.current.clear();
    if (ids.length === 0) return;
    const page = await get<SagaPage>(`/api/sagas?ids=${ids.join(',')}&limit=${ids.length}`).catch(() => null);
    if (page === null) return;
    setFresh((before) => new Map([...before, ...page.items.map((row) => [row.orderId, row] as const)]));
  }, AGAIN_MS);
  useLiveEach('changed', ({ orderIds }) => {
    for (const id of orderIds) changed.current.add(id);
    again();
  });
  return fresh;
}

/** Runs at once, then at most every so often; the last call is never lost. */
function useThrottled(run: () => void, everyMs: number): () => void {
  const latest = useRef(run);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const ranAt = useRef(0);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(() => {
    if (timer.current !== undefined) return;
    const wait = Math.max(0, ranAt.current + everyMs - Date.now());
    timer.current = setTimeout(() => {
      timer.current = undefined;
      ranAt.current = Date.now();
      latest.current();
    }, wait);
  }, [everyMs]);
}
