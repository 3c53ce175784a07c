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
