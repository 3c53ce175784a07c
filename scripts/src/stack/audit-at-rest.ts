import { setTimeout as sleep } from 'node:timers/promises';
import { audit, type Report, type Site } from '@troupe/audit';
import type { Addresses, Stack } from '@troupe/embedded';
import { query } from './database.ts';

const LOOK_MS = 250;
const AGAIN_MS = 1_000;
const OPEN_ORDERS = `SELECT count(*)::int FROM orders WHERE status IN ('PENDING', 'AWAITING_APPROVAL')`;

/** Where an audit of a stack looks. */
export function auditSite({ brokers, databaseUrl, sandboxUrl }: Addresses): Site {
  return { databaseUrl, brokers, providerUrl: sandboxUrl('provider'), carrierUrl: sandboxUrl('carrier') };
}

/**
 * Waits until every order has ended, and then until an audit of everything, as of a system at rest, finds nothing; at most
 * `withinMs`. Returns the last audit.
 */
export async function auditedAtRest({ addresses }: Pick<Stack, 'addresses'>, withinMs: number): Promise<Report> {
  const end = Date.now() + withinMs;
  while (Date.now() < end && (await openOrders(addresses)) !== 0) await sleep(LOOK_MS);
  for (;;) {
    const report = await audit(auditSite(addresses), { atRest: true, boundMs: 0 });
    if (report.healthy || Date.now() > end) return report;
    await sleep(AGAIN_MS);
  }
}

/** What an audit found, a sentence each. */
export function findingsOf({ results }: Report): string[] {
  return results.flatMap(({ check, findings }) => findings.map(({ id, what }) => `${check.name}: ${id}: ${what}`));
}

/** Undefined when the database does not answer at this moment. */
async function openOrders({ databaseUrl }: Addresses): Promise<number | undefined> {
  const rows = await query<{ count: number }>(databaseUrl('order'), OPEN_ORDERS).catch(() => undefined);
  return rows?.[0]?.count;
}
