import { StartError } from '@troupe/embedded';
import pg from 'pg';
import type { HttpClient } from '../measure/http-client.ts';
import { goodOrder } from '../measure/mix.ts';
import { ended, ownSite, type Played, type Stage } from './stage.ts';

const REQUESTS = 10_000;
/** Waiting requests keep their connection; the rest come over the others. */
const CONNECTIONS = 3_000;
const LOOK_MS = 250;

/**
 * Sends ten thousand requests at one moment while the order service cannot commit, and then lets it go on. Accepted orders are
 * checked with all others.
 */
export async function rush({ site, target, meter }: Stage): Promise<Played> {
  const { adminUrl } = ownSite(site, 'rush');
  const memory = (): number => meter?.megabytesOf('order') ?? 0;
  const before = memory();
  let most = before;
  const looking = setInterval(() => (most = Math.max(most, memory())), LOOK_MS);
  const client = target.client.over(CONNECTIONS);
  const goOn = await holdUp(adminUrl);
  try {
    const { accepted, sentAway } = await rushed(client, `${target.url}/orders`, goOn);
    const placed = await ended(target, accepted);
    const megabytes = meter && { before, most };
    const rush = { requests: REQUESTS, accepted: placed.length, sentAway, ...(megabytes && { megabytes }) };
    return { placed, figures: { name: 'rush', orders: placed.length, rush } };
  } finally {
    clearInterval(looking);
    await goOn();
    client.close();
  }
}

/** Sends everything at once, and lets the database go on when no answer has come for a while. */
async function rushed(client: HttpClient, url: string, goOn: () => Promise<void>) {
  const sentAway: Record<string, number> = {};
  let answeredAt = performance.now();
  const quiet = setInterval(() => {
    if (performance.now() - answeredAt > 4 * LOOK_MS) void goOn();
  }, LOOK_MS);
  const sent = Array.from({ length: REQUESTS }, async (_, index) => {
    const order = goodOrder(index);
    const { status, body } = await client.post(url, order.body);
    answeredAt = performance.now();
    const { orderId, code = '' } = body as { readonly orderId?: string; readonly code?: string };
    if (status === 202 && orderId !== undefined) return [{ ...order, orderId }];
    if (status !== 503) throw new StartError([`An order of the rush was answered ${status}: ${JSON.stringify(body)}`]);
    sentAway[code] = (sentAway[code] ?? 0) + 1;
    return [];
  });
  const accepted = (await Promise.all(sent).finally(() => clearInterval(quiet))).flat();
  return { accepted, sentAway };
}

/** Keeps the order service from committing. The returned function ends that, and may be called twice. */
async function holdUp(adminUrl: string): Promise<() => Promise<void>> {
  const url = new URL(adminUrl);
  url.pathname = '/troupe_order';
  const database = new pg.Client({ connectionString: url.href });
  await database.connect();
  await database.query('BEGIN; LOCK TABLE chassis.outbox IN ACCESS EXCLUSIVE MODE');
  let ended: Promise<void> | undefined;
  return () => (ended ??= database.end());
}
