import type { DomainEvent } from '@troupe/schemas';
import { orderOf } from '@troupe/shop';
import fc from 'fast-check';
import {
  ExternalSystems,
  type PartnerBehaviour,
  REFUSED_BY_CARRIER,
} from '../../../simulation/src/shop/external-systems.ts';
import { alwaysEnds, consistent, nobodyWaits, nothingTwice, stockConserved } from './invariants.ts';
import type { AnyTable, Handled } from './service-model.ts';
import {
  APPROVAL_LIMIT,
  actionCommand,
  type Item,
  modelsOf,
  orderStatuses,
  placeOrder,
  SCARCE,
  tables,
  USER_ACTIONS,
  type UserAction,
} from './shop.ts';
import { DISTURBANCES, type Disturbance, type Late, type Step, World } from './world.ts';

/** An order, and how the external systems answer for it. */
export interface Plan extends PartnerBehaviour {
  readonly items: readonly Item[];
  readonly total: number;
}

export interface Schedule {
  readonly plans: readonly Plan[];
  readonly steps: readonly Step[];
  readonly interference: number;
  /** Each schedule draws a few of them: in a mix of all, the races between two of them are rare. */
  readonly actions: readonly UserAction[];
  readonly disturbances: readonly Disturbance[];
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

/** A few orders for few products, and an order of steps. Some schedules have no interference. */
export const schedules: fc.Arbitrary<Schedule> = fc.record({
  plans: fc.array(plan, { minLength: 1, maxLength: 3 }),
  steps: fc.array(step, { maxLength: 120, size: 'max' }),
  interference: fc.constantFrom(0, 3, 10, 40),
  actions: fc.subarray([...USER_ACTIONS]),
  disturbances: fc.subarray([...DISTURBANCES]),
  inbox: fc.boolean(),
});

/** How often each race was met, by name. */
export type Sightings = Map<string, number>;

/** Runs a schedule to its end, on the production tables. Throws when an invariant does not hold, on the way or at rest. */
export function runSchedule(
  schedule: Schedule,
  services: readonly AnyTable[] = tables,
  seen: Sightings = new Map(),
): void {
  const { world, orders } = openWorld(schedule, services, seen);
  for (const next of schedule.steps) world.step(next);
  finish(world, orders, schedule.inbox);
}

/** One order without interference, except a service that hears late and one action at step `at`. */
export interface Interruption {
  readonly plan: Plan;
  readonly late: Late | undefined;
  readonly what: UserAction | 'timers';
  readonly at: number;
}

/** Runs it to its end, with the same invariants. False when the order had ended before step `at`. */
export function interrupt({ plan: only, late, what, at }: Interruption, seen: Sightings = new Map()): boolean {
  const schedule = { plans: [only], interference: 0, actions: [], disturbances: [], inbox: false, late };
  const { world, orders } = openWorld(schedule, tables, seen);
  const [{ orderId }] = orders as [Placed];
  const approve = actionCommand('approve', orderId);
  let underWay = true;
  for (let step = 0; step < at && underWay; step += 1) {
    if (world.advance()) continue;
    underWay = orderStatuses(world, orderId).payment === 'AWAITING_APPROVAL';
    if (underWay) world.command(approve.service, approve.command);
  }
  if (what === 'timers') world.timersGoOff();
  else world.command(actionCommand(what, orderId).service, actionCommand(what, orderId).command);
  finish(world, orders, false);
  return underWay;
}

interface Placed extends Plan {
  readonly orderId: string;
}

type Setup = Omit<Schedule, 'steps'> & { readonly late?: Late | undefined };

function openWorld({ plans, actions, ...setting }: Setup, services: readonly AnyTable[], seen: Sightings) {
  const orders: Placed[] = plans.map((of, at) => ({ ...of, orderId: `00000000-0000-7000-9000-00000000000${at}` }));
  const said = new Map<string, DomainEvent[]>(orders.map(({ orderId }) => [orderId, []]));
  const world: World = new World({
    ...setting,
    models: modelsOf(services),
    external: new ExternalSystems((orderId) => orders.find((order) => order.orderId === orderId) as Plan),
    placements: orders.map(({ orderId, items, total }) => placeOrder(orderId, items, total)),
    actions: orders.flatMap(({ orderId }) => actions.map((action) => actionCommand(action, orderId))),
    onHandled(handled) {
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

/** Lets everything come to rest, and checks the invariants on the way. */
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

/** Operators retry or resolve refused compensations. After that no order needs attention, and no cancelled parcel is on its way. */
function repair(world: World, orders: readonly Placed[]): void {
  for (const [at, { orderId }] of orders.entries()) {
    const remedy = at % 2 === 0 ? 'retry' : 'resolve';
    const needsOperator = () => {
      const { order, shipment } = orderStatuses(world, orderId);
      return order === 'NEEDS_ATTENTION' || shipment === 'CANCEL_FAILED';
    };
    for (let tries = 10; tries > 0 && needsOperator(); tries -= 1) {
      for (const action of [`${remedy} the refund`, `${remedy} the cancellation`] as const) {
        const { service, command } = actionCommand(action, orderId);
        world.command(service, command);
        world.rest();
      }
    }
    if (needsOperator()) throw new Error(`${orderId} needs attention for ever.`);
    consistent(world, { orderId, items: [] });
  }
}

function note(seen: Sightings, sighting: string): void {
  seen.set(sighting, (seen.get(sighting) ?? 0) + 1);
}

/** The message, its decision and the status of its service after it; for a cancellation, the statuses of all others. */
function sightingOf(world: World, { service, message, decision }: Handled): string {
  const { order, payment, reservation, shipment } = orderStatuses(world, message.key);
  if (message.type === 'CancelOrder' && decision.kind === 'decided') {
    return `cancelled while ${payment} / ${reservation} / ${shipment}`;
  }
  const own = { order, payment, inventory: reservation, shipping: shipment }[service] ?? '';
  return `${service}: ${message.type} ${decision.kind} ${own}`.trim();
}
