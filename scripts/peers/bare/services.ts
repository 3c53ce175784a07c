import type { ServiceName } from '@troupe/embedded';
import { callsOf } from '../calls.ts';
import type { EndedOrder } from '../front.ts';
import { type Message, message } from '../message.ts';
import type { Outside } from '../outside.ts';
import type { Reason } from '../steps.ts';
import type { BareReaction, BareService, Heard } from './service.ts';
import {
  createOrders,
  endOrders,
  recordNotifications,
  recordPayments,
  recordRefunds,
  recordShipments,
  reserveAll,
} from './steps.ts';

export interface Surroundings {
  readonly outside: Outside;
  /** Told of each order that has come to its end. */
  ended(order: EndedOrder): void;
}

export function serviceOf(name: ServiceName, surroundings: Surroundings): BareService {
  return services[name](surroundings);
}

/** A client's wish; it comes by HTTP, and takes part in the batches like any message. */
export const PLACE_ORDER = 'PlaceOrder';

const services: Readonly<Record<ServiceName, (surroundings: Surroundings) => BareService>> = {
  order,
  payment,
  inventory,
  shipping,
  notification,
};

const ordersOf = (heard: readonly Heard[]) => heard.map(({ message: { order } }) => order);

function endOf({ order: { orderId }, reason }: Message): EndedOrder {
  return { orderId, status: reason === undefined ? 'CONFIRMED' : 'CANCELLED', reason: reason ?? null };
}

function order({ ended }: Surroundings): BareService {
  const end: BareReaction = {
    write: async (sql, heard) => {
      await endOrders(
        sql,
        heard.map(({ message }) => endOf(message)),
      );
      return heard.map(({ message: about }) =>
        message(about.reason === undefined ? 'OrderConfirmed' : 'OrderCancelled', about),
      );
    },
    done: (message) => ended(endOf(message)),
  };
  const place: BareReaction = {
    write: async (sql, heard) => {
      const amounts = await createOrders(sql, ordersOf(heard));
      return ordersOf(heard).map((order) =>
        message('OrderCreated', { order, amount: amounts.get(order.orderId) as number }),
      );
    },
  };
  return {
    name: 'order',
    hears: ['payment.events', 'inventory.events', 'shipping.events'],
    reactions: { [PLACE_ORDER]: place, PaymentFailed: end, InventoryFailed: end, ShipmentScheduled: end },
  };
}

function payment({ outside }: Surroundings): BareService {
  return {
    name: 'payment',
    hears: ['order.events', 'inventory.events'],
    reactions: {
      OrderCreated: {
        call: callsOf(outside).charge,
        write: async (sql, heard) => {
          await recordPayments(
            sql,
            heard.map(({ message: { order, amount }, called: chargeId }) => ({
              ...{ orderId: order.orderId, amount, chargeId },
            })),
          );
          return heard.map(({ message: about, called: chargeId }) =>
            chargeId === undefined
              ? message('PaymentFailed', { ...about, reason: 'PAYMENT_DECLINED' as Reason })
              : message('PaymentCompleted', { ...about, chargeId }),
          );
        },
      },
      InventoryFailed: {
        call: callsOf(outside).refund,
        write: async (sql, heard) => {
          await recordRefunds(
            sql,
            ordersOf(heard).map(({ orderId }) => orderId),
          );
          return [];
        },
      },
    },
  };
}

function inventory(): BareService {
  return {
    name: 'inventory',
    hears: ['payment.events'],
    reactions: {
      PaymentCompleted: {
        write: async (sql, heard) => {
          const served = await reserveAll(sql, ordersOf(heard));
          return heard.map(({ message: about }) =>
            served.has(about.order.orderId)
              ? message('InventoryReserved', about)
              : message('InventoryFailed', { ...about, reason: 'OUT_OF_STOCK' as Reason }),
          );
        },
      },
    },
  };
}

function shipping({ outside }: Surroundings): BareService {
  return {
    name: 'shipping',
    hears: ['inventory.events'],
    reactions: {
      InventoryReserved: {
        call: callsOf(outside).book,
        write: async (sql, heard) => {
          await recordShipments(
            sql,
            new Map(heard.map(({ message: { order }, called = '' }) => [order.orderId, called])),
          );
          return heard.map(({ message: about }) => message('ShipmentScheduled', about));
        },
      },
    },
  };
}

function notification({ outside }: Surroundings): BareService {
  const tell = (subject: string): BareReaction => ({
    call: callsOf(outside).mail(subject),
    write: async (sql, heard) => {
      await recordNotifications(
        sql,
        ordersOf(heard).map(({ orderId }) => orderId),
        subject,
      );
      return [];
    },
  });
  return {
    name: 'notification',
    hears: ['order.events'],
    reactions: { OrderConfirmed: tell('confirmed'), OrderCancelled: tell('cancelled') },
  };
}
