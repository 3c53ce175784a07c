import type { HttpClient } from './http-client.ts';
import { wanted } from './views.ts';

interface Page {
  readonly items: readonly { readonly status: string; readonly reason: string | null }[];
  readonly nextCursor: string | null;
}

/** How many orders the client's customer has, by how they ended or else by how they stand. */
export async function listedEnds(client: HttpClient, url: string): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const after = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
    const page: Page = await wanted(client, `${url}/orders?limit=100${after}`);
    for (const { status, reason } of page.items) {
      const end = reason === null ? status : `${status} ${reason}`;
      counts.set(end, (counts.get(end) ?? 0) + 1);
    }
    cursor = page.nextCursor;
  }
  return counts;
}
