import type { ServiceName } from '@troupe/embedded';
import { type EndedOrder, listen } from '../front.ts';
import { type Message, message } from '../message.ts';
import { Outside } from '../outside.ts';
import { settingsFromEnvironment } from '../settings.ts';
import { createOrder } from '../steps.ts';
import { run } from './service.ts';
import { serviceOf } from './services.ts';

// One service of the tutorial choreography: `main.js <service>`.
const settings = settingsFromEnvironment();
const name = process.argv[2] as ServiceName;
const waiting = new Map<string, (order: EndedOrder) => void>();

function ended({ order: { orderId }, reason }: Message): void {
  waiting.get(orderId)?.({ orderId, status: reason === undefined ? 'CONFIRMED' : 'CANCELLED', reason: reason ?? null });
  waiting.delete(orderId);
}

const service = serviceOf(name, { outside: new Outside(settings), calls: settings.calls, ended });
const { transact } = await run(service, settings);
listen(settings.port, async (order) => {
  const end = new Promise<EndedOrder>((resolve) => waiting.set(order.orderId, resolve));
  await transact(async (sql) => message('OrderCreated', { order, amount: await createOrder(sql, order) }));
  return { ended: end };
});
