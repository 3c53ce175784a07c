import { useInfiniteQuery } from '@tanstack/react-query';
import type { RecordPage, RecordView } from '../../../src/contract/topics.ts';
import { get } from '../parts/index.ts';
import type { Filter } from './filters.ts';

const PAGE = '100';

export interface FoundRecords {
  readonly records: readonly RecordView[];
  readonly isPending: boolean;
  readonly error: unknown;
  readonly hasMore: boolean;
  readonly more: () => void;
  readonly retry: () => void;
}

/** Pages of records, newest first. */
export function useRecords(topics: readonly string[], filter: Filter): FoundRecords {
  const asked = useInfiniteQuery({
    queryKey: ['records', topics, filter],
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams({ ...filter, topic: topics.join(','), limit: PAGE });
      if (pageParam !== '') query.set('cursor', pageParam);
      return get<RecordPage>(`/api/records?${query}`, signal);
    },
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    enabled: topics.length > 0,
  });
  return {
    records: asked.data?.pages.flatMap(({ items }) => items) ?? [],
    isPending: asked.isPending && topics.length > 0,
    error: asked.error,
    hasMore: asked.hasNextPage && !asked.isFetchingNextPage,
    more: () => void asked.fetchNextPage(),
    retry: () => void asked.refetch(),
  };
}
