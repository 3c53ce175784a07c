import type { DomainEvent } from '@troupe/schemas';
import { orderOf } from '@troupe/shop';
import fc from 'fast-check';
import { type Dealings, Outside, REFUSED_BY_CARRIER } from '../../../simulation/src/business/outside.ts';
import {
  APPROVAL_LIMIT,
  type Item,
  placement,
  SCARCE,
  stagesOf,
  standings,
  tables,
  WHIMS,
  type Whim,
  wish,
} from './cast.ts';
import { alwaysEnds, consistent, nobodyWaits, nothingTwice, stockConserved } from './invariants.ts';
import type { AnyTable, Handled } from './stage.ts';
import { type Late, type Step, TRICKS, type Trick, World } from './world.ts';

/** An order, and what the outside will make of it. */
export interface Plan extends Dealings {
  readonly items: readonly Item[];
  readonly total: number;
}

export interface Script {
  readonly plans: readonly Plan[];
  readonly steps: readonly Step[];
  readonly mischief: number;
  /** Each script has its own mix: what all may happen hides what few things do to one another. */
  readonly whims: readonly Whim[];
  readonly tricks: readonly Trick[];
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
  cancelRefusals: fc.constantFrom(0, 0, 1, 7),
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
  mischief: fc.constantFrom(0, 3, 10, 40),
  whims: fc.subarray([...WHIMS]),
  tricks: fc.subarray([...TRICKS]),
  inbox: fc.boolean(),
});

/** What was seen on the way, by name: shows that the scripts reach the races that they are meant for. */
export type Sightings = Map<string, number>;

/** Plays a script with the services' real tables to its end. Throws when an invariant breaks, on the way or at rest. */
export function play(script: Script, cast: readonly AnyTable[] = tables, seen: Sightings = new Map()): void {
  const { world, orders } = opened(script, cast, seen);
  for (const next of script.steps) world.step(next);
  finish(world, orders, script.inbox);
}

/** One order in the plainest order of things, but for somebody who hears late, and something that happens at a step. */
export interface Interruption {
  readonly plan: Plan;
  readonly late: Late | undefined;
  readonly what: Whim | 'timers';
  readonly at: number;
}

/** Plays it to its end, with the same invariants. False when the order had ended before. */
export function interrupt({ plan: only, late, what, at }: Interruption, seen: Sightings = new Map()): boolean {
  const script = { plans: [only], mischief: 0, whims: [], tricks: [], inbox: false, late };
  const { world, orders } = opened(script, tables, seen);
  const [{ orderId }] = orders as [Placed];
  const approve = wish('approve', orderId);
  let underWay = true;
  for (let step = 0; step < at && underWay; step += 1) {
    if (world.advance()) continue;
    underWay = standings(world, orderId).payment === 'AWAITING_APPROVAL';
    if (underWay) world.command(approve.service, approve.command);
  }
  if (what === 'timers') world.timersGoOff();
  else world.command(wish(what, orderId).service, wish(what, orderId).command);
  finish(world, orders, false);
  return underWay;
}

interface Placed extends Plan {
  readonly orderId: string;
}

type Setup = Omit<Script, 'steps'> & { readonly late?: Late | undefined };

function opened({ plans, whims, ...setting }: Setup, cast: readonly AnyTable[], seen: Sightings) {
  const orders: Placed[] = plans.map((of, at) => ({ ...of, orderId: `00000000-0000-7000-9000-00000000000${at}` }));
  const said = new Map<string, DomainEvent[]>(orders.map(({ orderId }) => [orderId, []]));
  const world: World = new World({
    ...setting,
    stages: stagesOf(cast),
    outside: new Outside((orderId) => orders.find((order) => order.orderId === orderId) as Plan),
    placements: orders.map(({ orderId, items, total }) => placement(orderId, items, total)),
    whims: orders.flatMap(({ orderId }) => whims.map((whim) => wish(whim, orderId))),
    watch(handled) {
      for (const event of handled.events) {
        const orderId = orderOf(event);
        const all = said.get(orderId) ?? [];
        all.push(event);
        nothingTwice(world, all, orderId);
      }
      alwaysEnds(world, handled.message.key);
      note(seen, sightingOf(world, handled));
    },
  });
  return { world, orders };
}

/** Lets everything come to rest, and looks at everything on the way there. */
function finish(world: World, orders: readonly Placed[], inbox: boolean): void {
  world.settle();
  for (const order of orders) nobodyWaits(world, order);
  world.rest();
  if (!inbox) world.replay();
  world.rest();
  for (const order of orders) consistent(world, order);
  stockConserved(world, orders);
  repair(world, orders);
}

/** Somebody tries again, or settles by hand, what was given up: then no order needs attention any more, and no parcel is on its way for nothing. */
function repair(world: World, orders: readonly Placed[]): void {
  for (const [at, { orderId }] of orders.entries()) {
    const seeTo = at % 2 === 0 ? 'retry' : 'resolve';
    const gaveUp = () => {
      const { order, shipment } = standings(world, orderId);
      return order === 'NEEDS_ATTENTION' || shipment === 'CANCEL_FAILED';
    };
    for (let tries = 10; tries > 0 && gaveUp(); tries -= 1) {
      for (const whim of [`${seeTo} the refund`, `${seeTo} the cancellation`] as const) {
        const { service, command } = wish(whim, orderId);
        world.command(service, command);
        world.rest();
      }
    }
    if (gaveUp()) throw new Error(`${orderId} needs attention for ever.`);
    consistent(world, { orderId, items: [] });
  }
}

function note(seen: Sightings, sighting: string): void {
  seen.set(sighting, (seen.get(sighting) ?? 0) + 1);
}

/** A message, its decision, and where its service stands after it; of a cancellation, where all others stand. */
function sightingOf(world: World, { service, message, decision }: Handled): string {
  const { order, payment, reservation, shipment } = standings(world, message.key);
  if (message.type === 'CancelOrder' && decision.kind === 'decided') {
    return `cancelled while ${payment} / ${reservation} / ${shipment}`;
  }
  const own = { order, payment, inventory: reservation, shipping: shipment }[service] ?? '';
  return `${service}: ${message.type} ${decision.kind} ${own}`.trim();
}
