import { useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';

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

/** An address with some parameters set, and those that are null or empty taken away. */
export function withQuery(
  path: string,
  query: URLSearchParams,
  change: Readonly<Record<string, string | null>>,
): string {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(change)) {
    if (value === null || value === '') next.delete(name);
    else next.set(name, value);
  }
  const text = readable(next);
  return text === '' ? path : `${path}?${text}`;
}

/** As people write it: `since=1h&total=20..2000`, without what needs no escape. */
export const readable = (query: URLSearchParams): string =>
  query.toString().replaceAll('%3A', ':').replaceAll('%2F', '/').replaceAll('%2C', ',');
