/**
 * Merges look-ups: all that are asked for in the same turn of the event loop share a query. A commit wakes all who wait
 * for one of its orders together, so their second look costs one query for each commit.
 */
export function together<Row>(
  query: (ids: readonly string[]) => Promise<ReadonlyMap<string, Row>>,
): (id: string) => Promise<Row | undefined> {
  let next: { readonly ids: Set<string>; readonly rows: Promise<ReadonlyMap<string, Row>> } | undefined;

  const start = () => {
    const ids = new Set<string>();
    const rows = new Promise<void>((go) => setImmediate(go)).then(() => {
      next = undefined;
      return query([...ids]);
    });
    return { ids, rows };
  };

  return async (id) => {
    next ??= start();
    next.ids.add(id);
    return (await next.rows).get(id);
  };
}
