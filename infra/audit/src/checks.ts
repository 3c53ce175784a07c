import { effects } from './checks/effects.ts';
import { idempotency } from './checks/idempotency.ts';
import { liveness } from './checks/liveness.ts';
import { money } from './checks/money.ts';
import { orderOfEvents } from './checks/order-of-events.ts';
import { publication } from './checks/publication.ts';
import { sagas } from './checks/sagas.ts';
import { stock } from './checks/stock.ts';
import { transitions } from './checks/transitions.ts';

/** Something that must hold. */
export interface Check {
  /** Stable, for scripts: `money.paid-once`. */
  readonly name: string;
  /** What must hold, as a sentence. */
  readonly rule: string;
  /**
   * A query over the facts (facts.ts) that finds where the rule does not hold: columns `id` and `what`. No row when healthy.
   */
  readonly sql: string;
}

/** Something that breaks a rule. */
export interface Finding {
  /** The id of what the rule is about: an order, an event, a product. */
  readonly id: string;
  readonly what: string;
}

/** In the order in which they are reported. */
export const checks: readonly Check[] = [
  ...money,
  ...stock,
  ...liveness,
  ...effects,
  ...publication,
  ...orderOfEvents,
  ...idempotency,
  ...transitions,
  ...sagas,
];
