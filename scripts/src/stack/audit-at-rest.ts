import { setTimeout as sleep } from 'node:timers/promises';
import { audit, type Report, type Site } from '@troupe/audit';
import pg from 'pg';

const LOOK_MS = 250;
const AGAIN_MS = 1_000;

/**
 * Waits until every order has ended, and then until an audit of everything, as of a system at rest, finds nothing; at most
 * `withinMs`. Returns the last audit.
 */
export async function auditedAtRest(site: Site, withinMs: number): Promise<Report> {
  const end = Date.now() + withinMs;
  while (Date.now() < end && (await openOrders(site)) !== 0) await sleep(LOOK_MS);
  for (;;) {
    const report = await audit(site, { atRest: true, boundMs: 0 });
    if (report.healthy || Date.now() > end) return report;
    await sleep(AGAIN_MS);
  }
}

/** Undefined: the database does not answer at this moment. */
async function openOrders(site: Site): Promise<number | undefined> {
  const client = new pg.Client({ connectionString: site.databaseUrl('order'), connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query(
      `SELECT count(*)::int FROM orders WHERE status IN ('PENDING', 'AWAITING_APPROVAL')`,
    );
    return rows[0].count;
  } catch {
    return undefined;
  } finally {
    await client.end().catch(() => undefined);
  }
}
