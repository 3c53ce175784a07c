import {
  createOrder,
  endOrder,
  recordNotification,
  recordPayment,
  recordRefund,
  recordShipment,
  reserve,
} from '../business/steps.ts';
import type { Steps } from '../choreography/services.ts';

/** Statement by statement: a transaction has one message. */
export const steps: Steps = {
  async createOrders(sql, orders) {
    const amounts = new Map<string, number>();
    for (const order of orders) amounts.set(order.orderId, await createOrder(sql, order));
    return amounts;
  },
  async endOrders(sql, ends) {
    for (const { orderId, reason } of ends) await endOrder(sql, orderId, reason ?? undefined);
  },
  async recordPayments(sql, payments) {
    for (const payment of payments) await recordPayment(sql, payment);
  },
  async recordRefunds(sql, orderIds) {
    for (const orderId of orderIds) await recordRefund(sql, orderId);
  },
  async reserveAll(sql, orders) {
    const served = new Set<string>();
    for (const order of orders) if (await reserve(sql, order)) served.add(order.orderId);
    return served;
  },
  async recordShipments(sql, bookings) {
    for (const [orderId, bookingId] of bookings) await recordShipment(sql, orderId, bookingId);
  },
  async recordNotifications(sql, orderIds, subject) {
    for (const orderId of orderIds) await recordNotification(sql, orderId, subject);
  },
};
