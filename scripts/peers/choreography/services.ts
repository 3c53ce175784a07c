import type { EndedOrder, WantedOrder } from '../business/front.ts';
import type { Outside } from '../business/outside.ts';
import type { Paid, Sql } from '../business/steps.ts';
import { type Part, partNames } from '../business/tables.ts';
import type { Calls } from '../settings.ts';
import { type Message, message } from './message.ts';

/** A message, with what the outside has answered about it. */
export interface Heard {
  readonly message: Message;
  readonly called: string | undefined;
}

/** What a service does about messages of a type: about several that share a transaction, or about one. */
export interface Reaction {
  /** Before the transaction, for each message: the call to the outside, with what it answers. */
  call?(message: Message): Promise<string | undefined>;
  /** In the transaction; answers what to say. */
  write(sql: Sql, heard: readonly Heard[]): Promise<readonly Message[]>;
  /** After the commit. */
  done?(message: Message): void;
}

export interface Service {
  readonly name: Part;
  readonly hears: readonly string[];
  readonly reactions: Readonly<Record<string, Reaction>>;
}

/** What the reactions write. */
export interface Steps {
  /** What each order costs, by its id. */
  createOrders(sql: Sql, orders: readonly WantedOrder[]): Promise<ReadonlyMap<string, number>>;
  endOrders(sql: Sql, ends: readonly EndedOrder[]): Promise<void>;
  recordPayments(sql: Sql, payments: readonly Paid[]): Promise<void>;
  recordRefunds(sql: Sql, orderIds: readonly string[]): Promise<void>;
  /** The orders that have their units. */
  reserveAll(sql: Sql, orders: readonly WantedOrder[]): Promise<ReadonlySet<string>>;
  /** The booking of each order, by the order's id. */
  recordShipments(sql: Sql, bookings: ReadonlyMap<string, string>): Promise<void>;
  recordNotifications(sql: Sql, orderIds: readonly string[], subject: string): Promise<void>;
}

export interface Environment {
  readonly steps: Steps;
  readonly outside: Outside;
  readonly calls: Calls;
  /** Called for each order that has come to its end. */
  ended(order: EndedOrder): void;
}

/** A client's wish; it comes by HTTP and not from a topic. */
export const PLACE_ORDER = 'PlaceOrder';

/** The services that there are: with the same calls as ours, shipping and notification as well. */
export const servicesOf = (calls: Calls): readonly Part[] =>
  calls === 'four' ? ['order', 'payment', 'inventory'] : partNames;

export const serviceOf = (name: Part, environment: Environment): Service => ({
  name,
  ...services[name](environment),
});

type Business = (environment: Environment) => Omit<Service, 'name'>;

const ordersOf = (heard: readonly Heard[]) => heard.map(({ message: { order } }) => order);
const idsOf = (heard: readonly Heard[]) => heard.map(({ message: { order } }) => order.orderId);

function endOf({ order: { orderId }, reason }: Message): EndedOrder {
  return { orderId, status: reason === undefined ? 'CONFIRMED' : 'CANCELLED', reason: reason ?? null };
}

const order: Business = ({ steps, calls, ended }) => {
  const end: Reaction = {
    write: async (sql, heard) => {
      await steps.endOrders(
        sql,
        heard.map((one) => endOf(one.message)),
      );
      // With four steps nobody would hear it.
      if (calls === 'four') return [];
      return heard.map((one) =>
        message(one.message.reason === undefined ? 'OrderConfirmed' : 'OrderCancelled', one.message),
      );
    },
    done: (about) => ended(endOf(about)),
  };
  const place: Reaction = {
    write: async (sql, heard) => {
      const amounts = await steps.createOrders(sql, ordersOf(heard));
      return ordersOf(heard).map((wanted) =>
        message('OrderCreated', { order: wanted, amount: amounts.get(wanted.orderId) as number }),
      );
    },
  };
  const last = calls === 'four' ? 'InventoryReserved' : 'ShipmentScheduled';
  return {
    hears: ['payment.events', 'inventory.events', ...(calls === 'four' ? [] : ['shipping.events'])],
    reactions: { [PLACE_ORDER]: place, PaymentFailed: end, InventoryFailed: end, [last]: end },
  };
};

const payment: Business = ({ steps, outside }) => ({
  hears: ['order.events', 'inventory.events'],
  reactions: {
    OrderCreated: {
      call: ({ order: { orderId, paymentToken: token }, amount }) => outside.charge({ orderId, amount, token }),
      write: async (sql, heard) => {
        const paid = heard.map((one) => {
          return { orderId: one.message.order.orderId, amount: one.message.amount, chargeId: one.called };
        });
        await steps.recordPayments(sql, paid);
        return heard.map(({ message: about, called: chargeId }) =>
          chargeId === undefined
            ? message('PaymentFailed', { ...about, reason: 'PAYMENT_DECLINED' })
            : message('PaymentCompleted', { ...about, chargeId }),
        );
      },
    },
    InventoryFailed: {
      call: async ({ order: { orderId }, amount, chargeId = '' }) => {
        await outside.refund({ orderId, amount, chargeId });
        return undefined;
      },
      write: async (sql, heard) => {
        await steps.recordRefunds(sql, idsOf(heard));
        return [];
      },
    },
  },
});

const inventory: Business = ({ steps }) => ({
  hears: ['payment.events'],
  reactions: {
    PaymentCompleted: {
      write: async (sql, heard) => {
        const served = await steps.reserveAll(sql, ordersOf(heard));
        return heard.map(({ message: about }) =>
          served.has(about.order.orderId)
            ? message('InventoryReserved', about)
            : message('InventoryFailed', { ...about, reason: 'OUT_OF_STOCK' }),
        );
      },
    },
  },
});

const shipping: Business = ({ steps, outside }) => ({
  hears: ['inventory.events'],
  reactions: {
    InventoryReserved: {
      call: ({ order: wanted }) => outside.book(wanted),
      write: async (sql, heard) => {
        const bookings = heard.map((one) => [one.message.order.orderId, one.called ?? ''] as const);
        await steps.recordShipments(sql, new Map(bookings));
        return heard.map((one) => message('ShipmentScheduled', one.message));
      },
    },
  },
});

const notification: Business = ({ steps, outside }) => {
  const notify = (subject: string): Reaction => ({
    call: async ({ order: { orderId } }) => {
      await outside.mail(orderId, subject);
      return undefined;
    },
    write: async (sql, heard) => {
      await steps.recordNotifications(sql, idsOf(heard), subject);
      return [];
    },
  });
  return {
    hears: ['order.events'],
    reactions: { OrderConfirmed: notify('confirmed'), OrderCancelled: notify('cancelled') },
  };
};

const services: Readonly<Record<Part, Business>> = { order, payment, inventory, shipping, notification };
