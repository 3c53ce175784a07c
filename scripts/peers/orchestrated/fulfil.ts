import type { EndedOrder, WantedOrder } from '../business/front.ts';
import type { Outside } from '../business/outside.ts';
import {
  createOrder,
  endOrder,
  type Reason,
  recordNotification,
  recordPayment,
  recordRefund,
  recordShipment,
  reserve,
  type Sql,
} from '../business/steps.ts';
import type { Calls } from '../settings.ts';

/** What an orchestrated peer offers: steps that run at least once, and whose outcome it remembers. */
export interface Orchestrator {
  step<Outcome>(name: string, work: () => Promise<Outcome>): Promise<Outcome>;
  /** Begins what the saga does not wait for: the mail. */
  tell(orderId: string, subject: string): Promise<void>;
}

export interface Means {
  readonly sql: Sql;
  readonly outside: Outside;
  readonly calls: Calls;
}

/** The order as a sequence of steps, the same for each orchestrated peer. */
export async function fulfil(orchestrator: Orchestrator, means: Means, order: WantedOrder): Promise<EndedOrder> {
  const { sql, outside, calls } = means;
  const { orderId } = order;
  const amount = await orchestrator.step('create order', () => createOrder(sql, order));
  const chargeId = await orchestrator.step('charge', () => charge(means, order, amount));
  if (chargeId === null) return end(orchestrator, means, { orderId, reason: 'PAYMENT_DECLINED' });
  if (!(await orchestrator.step('reserve', () => reserve(sql, order)))) {
    await orchestrator.step('refund', async () => {
      await outside.refund({ orderId, amount, chargeId });
      await recordRefund(sql, orderId);
    });
    return end(orchestrator, means, { orderId, reason: 'OUT_OF_STOCK' });
  }
  if (calls === 'same') {
    await orchestrator.step('book', async () => recordShipment(sql, orderId, await outside.book(order)));
  }
  return end(orchestrator, means, { orderId });
}

async function charge({ sql, outside }: Means, order: WantedOrder, amount: number): Promise<string | null> {
  const { orderId, paymentToken: token } = order;
  const chargeId = await outside.charge({ orderId, amount, token });
  await recordPayment(sql, { orderId, amount, chargeId });
  return chargeId ?? null;
}

interface End {
  readonly orderId: string;
  readonly reason?: Reason;
}

async function end({ step, tell }: Orchestrator, { sql, calls }: Means, { orderId, reason }: End): Promise<EndedOrder> {
  const status = reason === undefined ? 'CONFIRMED' : 'CANCELLED';
  await step(status === 'CONFIRMED' ? 'confirm' : 'cancel', () => endOrder(sql, orderId, reason));
  if (calls === 'same') await tell(orderId, status.toLowerCase());
  return { orderId, status, reason: reason ?? null };
}

/** The mail to the customer. */
export async function notify({ sql, outside }: Means, orderId: string, subject: string): Promise<void> {
  await outside.mail(orderId, subject);
  await recordNotification(sql, orderId, subject);
}
