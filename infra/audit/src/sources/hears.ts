import { inventoryReactions } from '@troupe/inventory';
import { notificationReactions } from '@troupe/notification';
import { orderReactions } from '@troupe/order';
import { paymentReactions } from '@troupe/payment';
import { shippingReactions } from '@troupe/shipping';

/** A row of the facts: a service reads this type on this topic. */
export interface Hears {
  readonly service: string;
  readonly topic: string;
  readonly type: string;
}

/** What a service hears does not depend on the settings of its rules, so any settings do. */
const tables = [
  orderReactions,
  paymentReactions({ approvalLimitCents: 0, approvalTimeoutMs: 0, refundRetryMs: 0 }),
  inventoryReactions,
  shippingReactions({ cancelRetryMs: 0 }),
  notificationReactions,
];

/** From the reaction tables: they are data. */
export const hears: readonly Hears[] = tables.flatMap(({ service, reactions }) =>
  reactions.flatMap(({ hears: type }) =>
    type.kind === 'event' ? [{ service, topic: type.topic, type: type.fullName }] : [],
  ),
);
