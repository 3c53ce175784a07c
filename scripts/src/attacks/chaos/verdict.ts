import type { Report } from '@troupe/audit';
import pg from 'pg';
import type { Arena } from '../arena.ts';
import type { Outcome, Purchase } from '../buyers.ts';
import { auditedAtRest } from '../../stack/audit-at-rest.ts';
import type { Load } from './load.ts';

/** Something that must hold, and what breaks it. */
export interface Invariant {
  readonly rule: string;
  readonly broken: readonly string[];
}

export interface Verdict {
  readonly invariants: readonly Invariant[];
  /** First answers to orders: ok, fail, info. */
  readonly answers: Readonly<Record<string, number>>;
  /** How orders ended. */
  readonly ends: Readonly<Record<string, number>>;
  /** From the last healing until all was at rest and the audit found nothing. */
  readonly restedAfterMs: number;
  readonly audit: Report;
}

const REST_MS = 120_000;

/** Lets everything come to its end, and looks whether all that must hold does. */
export async function verdictOf({ site }: Arena, load: Load): Promise<Verdict> {
  const healedAt = performance.now();
  const { buyers, expected } = load;
  const refused = await buyers.insist();
  const audit = await auditedAtRest(site, REST_MS);
  const restedAfterMs = performance.now() - healedAt;
  const orders = await ordersOf(site.databaseUrl('order'), buyers.customer);
  const wrongEnd = [...expected].flatMap(([{ orderIds, wish }, end]) => {
    const [orderId = 'no order'] = orderIds;
    const status = orders.get(orderId) ?? 'not there';
    return end === undefined || status === end
      ? []
      : [`${orderId} (${wish.sku}, ${wish.paymentToken}) is ${status}, not ${end}`];
  });
  return {
    invariants: [
      { rule: 'In the end every order is accepted', broken: refused.map(({ key, outcome }) => `${key}: ${outcome}`) },
      {
        rule: 'What was accepted is there, once for each key, and nothing else is',
        broken: histories(buyers.purchases, orders),
      },
      { rule: 'Every order has ended as it has to', broken: wrongEnd },
      {
        rule: 'Nothing became a dead letter',
        broken: audit.seen.openLetters === 0 ? [] : [`${audit.seen.openLetters} dead letters`],
      },
      ...audit.results.map(({ check, count, findings }) => ({
        rule: `${check.name}: ${check.rule}`,
        broken: [
          ...findings.map(({ id, what }) => `${id}: ${what}`),
          ...(count > findings.length ? [`… ${count} in all`] : []),
        ],
      })),
    ],
    answers: tally(buyers.purchases.map(({ first }): Outcome => first)),
    ends: tally(orders.values()),
    restedAfterMs,
    audit,
  };
}

function histories(purchases: readonly Purchase[], orders: ReadonlyMap<string, string>): string[] {
  const several = purchases
    .filter(({ orderIds }) => orderIds.size > 1)
    .map(({ key, orderIds }) => `${key}: ${[...orderIds].join(', ')}`);
  const known = new Set(purchases.flatMap(({ orderIds }) => [...orderIds]));
  const lost = [...known]
    .filter((orderId) => !orders.has(orderId))
    .map((orderId) => `${orderId} was accepted, and is not there`);
  const unknown = [...orders.keys()]
    .filter((orderId) => !known.has(orderId))
    .map((orderId) => `${orderId} is there, and nobody was told`);
  const shared =
    known.size < purchases.filter(({ orderIds }) => orderIds.size > 0).length ? ['two keys have one order'] : [];
  return [...several, ...lost, ...unknown, ...shared];
}

async function ordersOf(url: string, customer: string): Promise<ReadonlyMap<string, string>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query('SELECT order_id::text AS id, status FROM orders WHERE customer_id = $1', [
    customer,
  ]);
  await client.end();
  return new Map(rows.map(({ id, status }) => [id, status]));
}

function tally(words: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
