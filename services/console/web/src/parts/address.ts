import { useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { withQuery } from './words/query-string.ts';

/**
 * The query string as what a screen is filtered and opened by. A change is a step that "back" undoes, unless `replace` says that it is
 * the same step still, as while somebody types.
 */
export function useQuery(): readonly [
  URLSearchParams,
  (change: Readonly<Record<string, string | null>>, options?: { readonly replace?: boolean }) => void,
] {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const query = useMemo(() => new URLSearchParams(search), [search]);
  return [
    query,
    (change, options = {}) => navigate(withQuery(path, new URLSearchParams(location.search), change), options),
  ];
}
