import type { ServiceName } from '@troupe/embedded';
import { callsOf } from '../calls.ts';
import { type Message, message } from '../message.ts';
import type { Outside } from '../outside.ts';
import type { Calls } from '../settings.ts';
import { endOrder, recordNotification, recordPayment, recordRefund, recordShipment, reserve } from '../steps.ts';
import type { Reaction, TutorialService } from './service.ts';

/** The services that there are: with the same calls as ours, shipping and notification as well. */
export const servicesOf = (calls: Calls): readonly ServiceName[] =>
  calls === 'four' ? ['order', 'payment', 'inventory'] : ['order', 'payment', 'inventory', 'shipping', 'notification'];

export interface Surroundings {
  readonly outside: Outside;
  readonly calls: Calls;
  /** Told of each order that has come to its end. */
  ended(message: Message): void;
}

export function serviceOf(name: ServiceName, surroundings: Surroundings): TutorialService {
  return services[name](surroundings);
}

const services: Readonly<Record<ServiceName, (surroundings: Surroundings) => TutorialService>> = {
  order,
  payment,
  inventory,
  shipping,
  notification,
};

function order({ calls, ended }: Surroundings): TutorialService {
  const last = calls === 'four' ? 'InventoryReserved' : 'ShipmentScheduled';
  const end: Reaction = {
    write: async (sql, heard) => {
      await endOrder(sql, heard.order.orderId, heard.reason);
      // With four steps nobody would hear it.
      if (calls === 'four') return undefined;
      return message(heard.reason === undefined ? 'OrderConfirmed' : 'OrderCancelled', heard);
    },
    done: ended,
  };
  return {
    name: 'order',
    hears: ['payment.events', 'inventory.events', ...(calls === 'four' ? [] : ['shipping.events'])],
    reactions: { PaymentFailed: end, InventoryFailed: end, [last]: end },
  };
}

function payment({ outside }: Surroundings): TutorialService {
  return {
    name: 'payment',
    hears: ['order.events', 'inventory.events'],
    reactions: {
      OrderCreated: {
        call: callsOf(outside).charge,
        write: async (sql, heard, chargeId) => {
          await recordPayment(sql, { orderId: heard.order.orderId, amount: heard.amount, chargeId });
          if (chargeId === undefined) return message('PaymentFailed', { ...heard, reason: 'PAYMENT_DECLINED' });
          return message('PaymentCompleted', { ...heard, chargeId });
        },
      },
      InventoryFailed: {
        call: callsOf(outside).refund,
        write: async (sql, { order: { orderId } }) => {
          await recordRefund(sql, orderId);
          return undefined;
        },
      },
    },
  };
}

function inventory(): TutorialService {
  return {
    name: 'inventory',
    hears: ['payment.events'],
    reactions: {
      PaymentCompleted: {
        write: async (sql, heard) =>
          (await reserve(sql, heard.order))
            ? message('InventoryReserved', heard)
            : message('InventoryFailed', { ...heard, reason: 'OUT_OF_STOCK' }),
      },
    },
  };
}

function shipping({ outside }: Surroundings): TutorialService {
  return {
    name: 'shipping',
    hears: ['inventory.events'],
    reactions: {
      InventoryReserved: {
        call: callsOf(outside).book,
        write: async (sql, heard, bookingId = '') => {
          await recordShipment(sql, heard.order.orderId, bookingId);
          return message('ShipmentScheduled', heard);
        },
      },
    },
  };
}

function notification({ outside }: Surroundings): TutorialService {
  const tell = (subject: string): Reaction => ({
    call: callsOf(outside).mail(subject),
    write: async (sql, { order: { orderId } }) => {
      await recordNotification(sql, orderId, subject);
      return undefined;
    },
  });
  return {
    name: 'notification',
    hears: ['order.events'],
    reactions: { OrderConfirmed: tell('confirmed'), OrderCancelled: tell('cancelled') },
  };
}
