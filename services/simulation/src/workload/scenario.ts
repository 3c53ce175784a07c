import { serviceNames } from '@troupe/services';
import { type PartnerBehaviour, REFUSED_BY_CARRIER } from '../shop/external-systems.ts';
import { PARTICIPANTS, type Participant } from '../shop/outages.ts';
import { APPROVAL_LIMIT, SCARCE } from '../shop/services.ts';
import { Random } from '../world/random.ts';
import { type Item, USER_ACTIONS, type UserAction } from './user-actions.ts';

/** An order, and how the external systems answer for it. */
export interface OrderPlan extends PartnerBehaviour {
  readonly items: readonly Item[];
  readonly total: number;
  /** Whether the orchestrated saga runs it. */
  readonly orchestrated: boolean;
}

/** What clients and operators do, each `after` so many steps of the world. */
export type ScenarioStep = { readonly after: number } & (
  | { readonly kind: 'place'; readonly plan: OrderPlan }
  | { readonly kind: 'request'; readonly action: UserAction; readonly order: number }
  | { readonly kind: 'replay'; readonly service: string }
  | { readonly kind: 'repair rules' }
  | { readonly kind: 'outage'; readonly participant: Participant }
);

export interface Scenario {
  readonly steps: readonly ScenarioStep[];
  /** Whether a person approves waiting payments during an outage; the orders then wait for the services behind payment. */
  readonly approves: boolean;
  /** Whether every inbox is pruned at the end, and every topic read again from its beginning. */
  readonly readAgain: boolean;
}

/** The share of seeds in which a participant has an outage. */
const OUTAGE_CHANCE = 0.3;

/**
 * The scenario of a seed. Some scenarios only place orders.
 *
 * The names of the random streams decide what a seed does: another name is another scenario for every seed.
 */
export function scenarioOf(seed: number): Scenario {
  const random = new Random(seed, 'script');
  const style = new Random(seed, 'style');
  const refusals = new Random(seed, 'refusals for good');
  const plans = 1 + random.below(3);
  const steps: ScenarioStep[] = [];
  for (let order = 0; order < plans; order += 1) {
    steps.push({
      kind: 'place',
      plan: { ...orderPlanOf(random), ...unexpectedRefusalOf(refusals), orchestrated: style.chance(0.3) },
      after: random.pick([0, 0, 20, 100]),
    });
    const actions = random.pick([0, 1, 3]);
    const after = () => random.below(random.pick([20, 100, 400]));
    for (let count = 0; count < actions; count += 1) {
      steps.push({
        kind: 'request',
        action: random.chance(0.35) ? 'cancel' : random.pick(USER_ACTIONS),
        order: random.below(order + 1),
        after: after(),
      });
      if (random.chance(0.3)) steps.push({ kind: 'replay', service: random.pick(serviceNames), after: after() });
      if (random.chance(0.2)) steps.push({ kind: 'repair rules', after: after() });
    }
  }
  const readAgain = random.chance(0.2);
  const outage = new Random(seed, 'absence');
  return { steps: withOutage(steps, outage), approves: outage.chance(0.5), readAgain };
}

/** Inserts an outage into some scenarios, at a random step. */
function withOutage(steps: readonly ScenarioStep[], random: Random): readonly ScenarioStep[] {
  if (!random.chance(OUTAGE_CHANCE)) return steps;
  const at = random.below(steps.length + 1);
  const after = () => random.below(random.pick([1, 20, 100]));
  const outage: ScenarioStep = { kind: 'outage', participant: random.pick(PARTICIPANTS), after: after() };
  return [...steps.slice(0, at), outage, ...steps.slice(at)];
}

/** A refusal that no contract names and no retry cures: any 4xx but those that ask for another try. */
function unexpectedRefusalOf(random: Random): Pick<OrderPlan, 'unexpectedRefusal'> {
  const call = random.pick(['Charge', 'Book', 'undoing', 'undoing', 'undoing', 'undoing'] as const);
  const status = random.pick([400, 401, 403, 404, 409, 413, 422, 451]);
  return random.chance(0.4) ? { unexpectedRefusal: { call, status } } : {};
}

function orderPlanOf(random: Random): Omit<OrderPlan, 'orchestrated' | 'unexpectedRefusal'> {
  const skus = ['SKU-001', 'SKU-001', 'SKU-001', 'SKU-001', SCARCE, SCARCE, REFUSED_BY_CARRIER];
  const chosen = [...new Set(random.chance(0.3) ? [random.pick(skus), random.pick(skus)] : [random.pick(skus)])];
  return {
    items: chosen.map((sku) => ({ sku, quantity: 1 + random.below(2) })),
    total: random.chance(0.25) ? APPROVAL_LIMIT + 1 : APPROVAL_LIMIT,
    card: random.chance(0.15) ? 'declined' : 'good',
    refundRefusals: random.pick([0, 0, 1, 7]),
    cancelRefusals: random.pick([0, 0, 1, 7]),
  };
}
