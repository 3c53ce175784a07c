import { PARTICIPANTS, type Participant } from './business/absence.ts';
import { APPROVAL_LIMIT, type Item, SCARCE, WHIMS, type Whim } from './business/cast.ts';
import { type Dealings, REFUSED_BY_CARRIER } from './business/outside.ts';
import { Random } from './machine/random.ts';

/** An order, and what the outside will make of it. */
export interface Plan extends Dealings {
  readonly items: readonly Item[];
  readonly total: number;
  /** Whether an orchestrator runs it. */
  readonly orchestrated: boolean;
}

/** What people do, in this order, each after so many steps of everybody else. */
export type Act = { readonly after: number } & (
  | { readonly kind: 'place'; readonly plan: Plan }
  | { readonly kind: 'wish'; readonly whim: Whim; readonly order: number }
  | { readonly kind: 'replay'; readonly service: string }
  | { readonly kind: 'mend' }
  | { readonly kind: 'leave'; readonly who: Participant }
);

export interface Script {
  readonly acts: readonly Act[];
  /** Whether, while somebody stays away, a person approves whatever awaits it: it then waits for those behind payment. */
  readonly approves: boolean;
  /** Whether, at the end, every inbox is pruned and every topic read again from its beginning. */
  readonly readAgain: boolean;
}

/** In so many runs somebody stays away. */
const AWAY = 0.3;

const SERVICES = ['order', 'payment', 'inventory', 'shipping', 'notification'];

/** What people do in the run of a seed. Some do nothing but place orders. */
export function scriptOf(seed: number): Script {
  const random = new Random(seed, 'script');
  const style = new Random(seed, 'style');
  const odd = new Random(seed, 'refusals for good');
  const plans = 1 + random.below(3);
  const acts: Act[] = [];
  for (let order = 0; order < plans; order += 1) {
    acts.push({
      kind: 'place',
      plan: { ...planOf(random), ...oddityOf(odd), orchestrated: style.chance(0.3) },
      after: random.pick([0, 0, 20, 100]),
    });
    const whims = random.pick([0, 1, 3]);
    const after = () => random.below(random.pick([20, 100, 400]));
    for (let count = 0; count < whims; count += 1) {
      acts.push({
        kind: 'wish',
        whim: random.chance(0.35) ? 'cancel' : random.pick(WHIMS),
        order: random.below(order + 1),
        after: after(),
      });
      if (random.chance(0.3)) acts.push({ kind: 'replay', service: random.pick(SERVICES), after: after() });
      if (random.chance(0.2)) acts.push({ kind: 'mend', after: after() });
    }
  }
  const readAgain = random.chance(0.2);
  const absence = new Random(seed, 'absence');
  return { acts: withAbsence(acts, absence), approves: absence.chance(0.5), readAgain };
}

/** In some runs somebody goes at some moment, and stays away until everybody else has done what there is to do. */
function withAbsence(acts: readonly Act[], random: Random): readonly Act[] {
  if (!random.chance(AWAY)) return acts;
  const at = random.below(acts.length + 1);
  const after = () => random.below(random.pick([1, 20, 100]));
  const leave: Act = { kind: 'leave', who: random.pick(PARTICIPANTS), after: after() };
  return [...acts.slice(0, at), leave, ...acts.slice(at)];
}

/** What nobody expects of the outside, and what does not pass: any 4xx but those that ask for another try. */
function oddityOf(random: Random): Pick<Plan, 'oddity'> {
  const call = random.pick(['Charge', 'Book', 'undoing', 'undoing', 'undoing', 'undoing'] as const);
  const status = random.pick([400, 401, 403, 404, 409, 413, 422, 451]);
  return random.chance(0.4) ? { oddity: { call, status } } : {};
}

function planOf(random: Random): Omit<Plan, 'orchestrated' | 'oddity'> {
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
