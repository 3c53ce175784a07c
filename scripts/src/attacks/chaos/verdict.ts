import type { Report } from '@troupe/audit';
import type { Stack } from '@troupe/embedded';
import { countBy } from '../../measure/statistics.ts';
import { auditedAtRest } from '../../stack/audit-at-rest.ts';
import { query } from '../../stack/database.ts';
import type { Purchase } from '../buyers.ts';
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

/** Waits until all is at rest, and checks every invariant. */
export async function verdictOf(stack: Pick<Stack, 'addresses'>, load: Load): Promise<Verdict> {
  const healedAt = performance.now();
  const { buyers, expected } = load;
  const refused = await buyers.insist();
  const audit = await auditedAtRest(stack, REST_MS);
  const restedAfterMs = performance.now() - healedAt;
  const orders = await ordersOf(stack.addresses.databaseUrl('order'), buyers.customer);
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
    answers: countBy(buyers.purchases.map(({ first }) => first)),
    ends: countBy(orders.values()),
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
  const text = 'SELECT order_id::text AS id, status FROM orders WHERE customer_id = $1';
  const rows = await query<{ id: string; status: string }>(url, text, [customer]);
  return new Map(rows.map(({ id, status }) => [id, status]));
}
