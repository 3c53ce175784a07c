import type { Site } from '../site.ts';
import type { Scratch } from './scratch.ts';

const PAGE = 10_000;

/** Reads the books of the outside into the facts. */
export async function readSandboxes(scratch: Scratch, { providerUrl, carrierUrl }: Site): Promise<void> {
  await readBook(scratch, 'ledger', `${providerUrl}/v1/ledger`);
  await readBook(scratch, 'booking', `${carrierUrl}/v1/bookings`);
}

interface Page {
  readonly items: readonly (Readonly<Record<string, unknown>> & { readonly createdAt: string })[];
  readonly nextCursor: string | null;
}

async function readBook(scratch: Scratch, table: string, url: string): Promise<void> {
  for (let cursor: string | null = '0'; cursor !== null; ) {
    const response: Response = await fetch(`${url}?limit=${PAGE}&cursor=${cursor}`);
    if (!response.ok) throw new Error(`GET ${url} answered ${response.status}: ${await response.text()}`);
    const { items, nextCursor } = (await response.json()) as Page;
    await scratch.add(
      table,
      items.map(({ createdAt, ...entry }) => ({ ...entry, created_at: createdAt })),
    );
    cursor = nextCursor;
  }
}
