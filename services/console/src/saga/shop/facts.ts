import { countOf, moneyText } from '../words.ts';
import { itemsIn, moneyIn, numberIn, type Payload, textIn, unitsOf } from './payloads.ts';

type Words = (payload: Payload) => string | null;

const money =
  (what: string): Words =>
  (payload) => {
    const paid = moneyIn(payload);
    return paid === null ? null : `${moneyText(paid)} ${what}`;
  };
const units =
  (what: string): Words =>
  (payload) => {
    const count = unitsOf(itemsIn(payload));
    return count === 0 ? null : `${countOf(count)} ${what}`;
  };
const text =
  (field: string): Words =>
  (payload) =>
    textIn(payload, field);

/** The business fact of an event in a few words. An event that nobody has put into words here has none. */
const FACTS: Readonly<Record<string, Words>> = {
  OrderCreated: (payload) => {
    const items = itemsIn(payload);
    const [first] = items;
    if (first === undefined) return null;
    return items.length === 1
      ? `${first.quantity} × ${first.sku}`
      : `${unitsOf(items)} units of ${items.length} products`;
  },
  PaymentCompleted: money('charged'),
  PaymentRefunded: (payload) => money(payload.byHand === true ? 'settled by hand' : 'back')(payload),
  PaymentRefundFailed: (payload) => text('detail')(payload),
  PaymentFailed: text('reason'),
  PaymentApprovalRequired: (payload) => {
    const limit = numberIn(payload, 'limit');
    const asked = moneyIn(payload);
    if (limit === null || asked === null) return 'waits for a person';
    return `above the limit of ${moneyText({ ...asked, amount: limit })}`;
  },
  InventoryReserved: units('set aside'),
  InventoryReleased: units('back in stock'),
  InventoryFailed: text('detail'),
  ShipmentScheduled: text('trackingNumber'),
  ShipmentFailed: text('detail'),
  ShipmentCancelled: (payload) => (payload.byHand === true ? 'settled by hand' : 'booking taken back'),
  ShipmentCancelFailed: text('detail'),
  OrderCancelled: text('reason'),
  OrderConfirmed: () => 'on its way',
  NotificationSent: () => 'customer told',
  NotificationFailed: text('detail'),
};

export const factOf = (type: string, payload: Payload): string =>
  Object.hasOwn(FACTS, type) ? (FACTS[type]?.(payload) ?? '') : '';
