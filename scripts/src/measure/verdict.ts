import { ENDS, type Kind } from './mix.ts';
import type { Site } from './site.ts';
import { countBy } from './statistics.ts';
import type { Placed, Target } from './target.ts';
import { untilRight } from './until-right.ts';
import { listedEnds, type Stock, stockOf } from './views.ts';

/** All that is looked at after a run. */
export interface Evidence {
  readonly orders: readonly Placed[];
  /** How many orders `GET /orders` lists for the customer of this run, by how they ended. */
  readonly listed: ReadonlyMap<string, number>;
  /** How often the customer was told of each order's end. */
  readonly timesNotified: (orderId: string) => number;
  readonly stockBefore: ReadonlyMap<string, Stock>;
  readonly stockAfter: ReadonlyMap<string, Stock>;
  /** Whether nobody else used the system meanwhile, so that every unit that moved was moved by this run. */
  readonly exclusive: boolean;
}

/** How long after the last order the stock may take to be moved. */
const SETTLED_MS = 30_000;

interface Checked {
  readonly site: Site;
  readonly placed: readonly Placed[];
  readonly stockBefore: Evidence['stockBefore'];
}

/** Looks until everything is right: the stock moves and e-mails go out after the order's end. */
export async function mustBeRight({ client, ends, signal, url }: Target, checked: Checked): Promise<void> {
  const { site, placed, stockBefore } = checked;
  const faults = async (): Promise<string[]> =>
    faultsOf({
      orders: placed,
      stockBefore,
      exclusive: site.own !== undefined,
      timesNotified: (orderId) => ends.timesNotified(orderId),
      listed: await listedEnds(client, url),
      stockAfter: await stockOf(client, site.serviceUrl('inventory')),
    });
  await untilRight(faults, { withinMs: SETTLED_MS, everyMs: 250, signal });
}

/** What is wrong, as sentences: with one of them, the run has no figures. */
export function faultsOf(evidence: Evidence): string[] {
  return [...wrongEnds(evidence), ...wrongList(evidence), ...wrongNotifications(evidence), ...wrongStock(evidence)];
}

export function countsByKind(orders: readonly Placed[]): Readonly<Record<Kind, number>> {
  const count = (kind: Kind): number => orders.filter((order) => order.kind === kind).length;
  return { confirmed: count('confirmed'), declined: count('declined'), outOfStock: count('outOfStock') };
}

function wrongEnds({ orders }: Evidence): string[] {
  const wrong = orders.filter(({ kind, end }) => end !== ENDS[kind]);
  const [first] = wrong;
  if (first === undefined) return [];
  return [
    `${wrong.length} orders ended otherwise than they had to, such as ${first.orderId}: ${first.end}, not ${ENDS[first.kind]}.`,
  ];
}

function wrongList({ orders, listed }: Evidence): string[] {
  const expected = new Map(Object.entries(countBy(orders.map(({ kind }) => ENDS[kind]))));
  return [...new Set([...expected.keys(), ...listed.keys()])]
    .map((end) => ({ end, placed: expected.get(end) ?? 0, seen: listed.get(end) ?? 0 }))
    .filter(({ placed, seen }) => placed !== seen)
    .map(({ end, placed, seen }) => `GET /orders lists ${seen} orders that are ${end}, and ${placed} must be.`);
}

function wrongNotifications({ orders, timesNotified }: Evidence): string[] {
  const wrong = orders.filter(({ orderId }) => timesNotified(orderId) !== 1);
  const [first] = wrong;
  if (first === undefined) return [];
  const times = timesNotified(first.orderId);
  return [`Of ${wrong.length} orders the customer was not told once, such as ${first.orderId}: ${times} times.`];
}

function wrongStock({ orders, stockBefore, stockAfter, exclusive }: Evidence): string[] {
  const sold = unitsSold(orders);
  return [...stockAfter.values()].flatMap((after) => {
    const before = stockBefore.get(after.sku);
    const shipped = after.shipped - (before?.shipped ?? 0);
    const units = sold.get(after.sku) ?? 0;
    return [
      ...(isConserved(after) ? [] : [`The units of ${after.sku} do not add up: ${JSON.stringify(after)}`]),
      ...(exclusive && after.reserved !== 0 ? [`${after.reserved} units of ${after.sku} are still reserved.`] : []),
      ...(shipped === units || (!exclusive && shipped > units)
        ? []
        : [`Of ${after.sku}, ${shipped} units were shipped, and ${units} were sold.`]),
    ];
  });
}

/** By SKU. */
export function unitsSold(orders: readonly Placed[]): ReadonlyMap<string, number> {
  const confirmed = orders.filter(({ kind }) => kind === 'confirmed');
  return new Map(Object.entries(countBy(confirmed.map(({ sku }) => sku))));
}

function isConserved({ initial, restocked, available, reserved, shipped }: Stock): boolean {
  return initial + restocked === available + reserved + shipped && Math.min(available, reserved, shipped) >= 0;
}
