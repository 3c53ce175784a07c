export { actingCustomers } from './acting-customer.ts';
export { orderOf } from './order-of.ts';
export { type Style, styleOf, styles } from './styles.ts';
