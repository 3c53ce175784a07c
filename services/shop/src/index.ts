export { actingCustomers } from './acting-customer.ts';
export { orderOf } from './order-of.ts';
export { HAS_ORCHESTRATOR, type Style, styleOf, styles } from './styles.ts';
