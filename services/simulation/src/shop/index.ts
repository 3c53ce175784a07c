// What the simulation knows of the shop, for the prover, which explores the same tables.

export { codecFor } from '../broker/schema-registry.ts';
export { withRule } from '../bugs/rule-bugs.ts';
export { believing, mistaking } from '../bugs/service-bugs.ts';
export { type AddressedCommand, commandFor, placeOrderCommand, type UserAction } from '../workload/user-actions.ts';
export { contradictoryFacts, type OrderOutcome, outcomeViolations } from './expected-outcome.ts';
export { statusesOf } from './order-statuses.ts';
export { answerOf, commandOf, viewOf } from './participant-requests.ts';
export { APPROVAL_LIMIT, SCARCE, tables } from './services.ts';
