import type { DomainEvent } from '@troupe/schemas';
import fc from 'fast-check';
import {
  APPROVAL_LIMIT,
  type Item,
  placement,
  restock,
  retryRefund,
  SCARCE,
  stagesOf,
  standings,
  tables,
  whimsOf,
} from './cast.ts';
import { alwaysEnds, consistent, nobodyWaits, nothingTwice, stockConserved } from './invariants.ts';
import { type Dealings, Outside, REFUSED_BY_CARRIER } from './outside.ts';
import type { AnyTable, Handled } from './stage.ts';
import { type Step, World } from './world.ts';

/** An order, and what the outside will make of it. */
export interface Plan extends Dealings {
  readonly items: readonly Item[];
  readonly total: number;
}

export interface Script {
  readonly plans: readonly Plan[];
  readonly steps: readonly Step[];
  readonly mischief: number;
  readonly inbox: boolean;
}

const plan: fc.Arbitrary<Plan> = fc.record({
  items: fc.uniqueArray(
    fc.record({
      sku: fc.oneof(
        { weight: 6, arbitrary: fc.constant('SKU-001') },
        { weight: 2, arbitrary: fc.constant(SCARCE) },
        { weight: 1, arbitrary: fc.constant(REFUSED_BY_CARRIER) },
      ),
      quantity: fc.integer({ min: 1, max: 2 }),
    }),
    { minLength: 1, maxLength: 2, selector: ({ sku }) => sku },
  ),
  total: fc.constantFrom(APPROVAL_LIMIT, APPROVAL_LIMIT, APPROVAL_LIMIT + 1),
  card: fc.constantFrom('good' as const, 'good' as const, 'good' as const, 'declined' as const),
  refundRefusals: fc.constantFrom(0, 0, 1, 7),
});

const step: fc.Arbitrary<Step> = fc.record({
  roll: fc.integer({ min: 0, max: 99 }),
  pick: fc.nat(9_999),
  also: fc.array(fc.nat(9_999), { maxLength: 2 }),
});

/** A few orders for few products, and an order of things. Some scripts have no mischief at all. */
export const scripts: fc.Arbitrary<Script> = fc.record({
  plans: fc.array(plan, { minLength: 1, maxLength: 3 }),
  steps: fc.array(step, { maxLength: 120, size: 'max' }),
  mischief: fc.constantFrom(0, 5, 20, 60),
  inbox: fc.boolean(),
});

/** What was seen on the way, by name: shows that the scripts reach the races that they are meant for. */
export type Sightings = Map<string, number>;

/** Plays a script with the services' real tables to its end. Throws when an invariant breaks, on the way or at rest. */
export function play(
  { plans, steps, mischief, inbox }: Script,
  cast: readonly AnyTable[] = tables,
  seen?: Sightings,
): void {
  const orders = plans.map((of, at) => ({ ...of, orderId: `00000000-0000-7000-9000-00000000000${at}` }));
  const said = new Map<string, DomainEvent[]>(orders.map(({ orderId }) => [orderId, []]));
  const world: World = new World({
    stages: stagesOf(cast),
    outside: new Outside((orderId) => orders.find((order) => order.orderId === orderId) as Plan),
    placements: orders.map(({ orderId, items, total }) => placement(orderId, items, total)),
    whims: [...orders.flatMap(({ orderId }) => whimsOf(orderId)), restock],
    mischief,
    inbox,
    watch(handled) {
      for (const event of handled.events) {
        const all = said.get(event.data.orderId) ?? [];
        all.push(event);
        nothingTwice(world, all, event.data.orderId);
      }
      alwaysEnds(world, handled.message.key);
      if (seen !== undefined) note(seen, sightingOf(world, handled));
    },
  });
  for (const next of steps) world.step(next);
  world.settle();
  for (const order of orders) nobodyWaits(world, order);
  world.rest();
  if (!inbox) world.replay();
  world.rest();
  for (const order of orders) consistent(world, order);
  stockConserved(world, orders);
  repair(world, orders);
  for (const order of orders) if (seen !== undefined) note(seen, `ended ${standings(world, order.orderId).order}`);
}

/** Somebody tries the refunds again that were given up: then no order needs attention any more. */
function repair(world: World, orders: readonly (Plan & { readonly orderId: string })[]): void {
  for (const { orderId } of orders) {
    for (let tries = 10; tries > 0 && standings(world, orderId).order === 'NEEDS_ATTENTION'; tries -= 1) {
      const { service, command } = retryRefund(orderId);
      world.command(service, command);
      world.rest();
    }
    if (standings(world, orderId).order === 'NEEDS_ATTENTION') throw new Error(`${orderId} needs attention for ever.`);
    consistent(world, { orderId, items: [] });
  }
}

function note(seen: Sightings, sighting: string): void {
  seen.set(sighting, (seen.get(sighting) ?? 0) + 1);
}

/** `CancelOrder decided; CHARGING nothing nothing`: a message, its decision, and where the others stood. */
function sightingOf(world: World, { service, message, decision }: Handled): string {
  const { order, payment, reservation, shipment } = standings(world, message.key);
  if (message.type === 'CancelOrder' && decision.kind === 'decided') {
    return `cancelled while ${payment} / ${reservation} / ${shipment}`;
  }
  const own = { order, payment, inventory: reservation, shipping: shipment }[service] ?? '';
  return `${service}: ${message.type} ${decision.kind} ${own}`.trim();
}
