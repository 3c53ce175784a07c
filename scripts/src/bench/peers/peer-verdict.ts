import { ENDS } from '../../measure/mix.ts';
import { sum as total } from '../../measure/statistics.ts';
import type { Placed } from '../../measure/target.ts';
import { countsByKind, unitsSold } from '../../measure/verdict.ts';
import type { PeerBooks } from './books.ts';

/** What is wrong after a run of a peer, as sentences: with one of them, the run has no figures. */
export function peerFaults(orders: readonly Placed[], books: PeerBooks): string[] {
  return [
    ...wrongEnds(orders, books),
    ...wrongMoney(orders, books),
    ...wrongStock(orders, books),
    ...wrongCalls(orders, books),
  ];
}

function wrongEnds(orders: readonly Placed[], { ends }: PeerBooks): string[] {
  const wrong = orders.filter(({ kind, end, orderId }) => end !== ENDS[kind] || ends.get(orderId) !== ENDS[kind]);
  const [first] = wrong;
  const lost = ends.size === orders.length ? [] : [`There are ${ends.size} orders, and ${orders.length} were placed.`];
  if (first === undefined) return lost;
  const { orderId, kind, end } = first;
  const seen = `answered ${end}, stored ${ends.get(orderId) ?? 'not at all'}, not ${ENDS[kind]}`;
  return [...lost, `${wrong.length} orders ended otherwise than they had to, such as ${orderId}: ${seen}.`];
}

function wrongMoney(orders: readonly Placed[], { payments, ledger, sold }: PeerBooks): string[] {
  const count = countsByKind(orders);
  const of = (kind: 'charge' | 'refund') => ledger.filter((entry) => entry.kind === kind);
  const sum = (kind: 'charge' | 'refund'): number => total(of(kind).map(({ amount }) => amount));
  const kept = sum('charge') - sum('refund');
  return [
    ...differ('payments COMPLETED', payments.get('COMPLETED') ?? 0, count.confirmed),
    ...differ('payments DECLINED', payments.get('DECLINED') ?? 0, count.declined),
    ...differ('payments REFUNDED', payments.get('REFUNDED') ?? 0, count.outOfStock),
    ...differ('charges at the provider', of('charge').length, count.confirmed + count.outOfStock),
    ...differ('orders charged', new Set(of('charge').map(({ reference }) => reference)).size, of('charge').length),
    ...differ('refunds at the provider', of('refund').length, count.outOfStock),
    ...differ('money that the provider keeps, in cents', kept, sold),
  ];
}

function wrongStock(orders: readonly Placed[], { stock }: PeerBooks): string[] {
  const sold = unitsSold(orders);
  return stock.flatMap(({ sku, initial, available, reserved }) => [
    ...differ(`units of ${sku}`, available + reserved, initial),
    ...differ(`units of ${sku} that are taken`, reserved, sold.get(sku) ?? 0),
  ]);
}

function wrongCalls(orders: readonly Placed[], { booked, notified }: PeerBooks): string[] {
  const { confirmed } = countsByKind(orders);
  return [
    ...(booked === undefined ? [] : differ('bookings at the carrier', booked.length, confirmed)),
    ...(notified === undefined ? [] : differ('customers told', new Set(notified).size, orders.length)),
  ];
}

const differ = (what: string, found: number, right: number): string[] =>
  found === right ? [] : [`${what}: ${found}, and it must be ${right}.`];
