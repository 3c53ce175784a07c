import type { Check } from './check.ts';
import { effects } from './checks/effects.ts';
import { idempotency } from './checks/idempotency.ts';
import { liveness } from './checks/liveness.ts';
import { money } from './checks/money.ts';
import { orderOfEvents } from './checks/order-of-events.ts';
import { publication } from './checks/publication.ts';
import { sagas } from './checks/sagas.ts';
import { stock } from './checks/stock.ts';
import { transitions } from './checks/transitions.ts';

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
