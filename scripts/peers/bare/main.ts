import type { ServiceName } from '@troupe/embedded';
import { type EndedOrder, listen } from '../front.ts';
import { message } from '../message.ts';
import { Outside } from '../outside.ts';
import { settingsFromEnvironment } from '../settings.ts';
import { run } from './service.ts';
import { PLACE_ORDER, serviceOf } from './services.ts';

// One service of the bare choreography: `main.js <service>`.
const settings = settingsFromEnvironment();
const waiting = new Map<string, (order: EndedOrder) => void>();

function ended(order: EndedOrder): void {
  waiting.get(order.orderId)?.(order);
  waiting.delete(order.orderId);
}

const handle = await run(
  serviceOf(process.argv[2] as ServiceName, { outside: new Outside(settings), ended }),
  settings,
);
listen(settings.port, async (order) => {
  const end = new Promise<EndedOrder>((resolve) => waiting.set(order.orderId, resolve));
  await handle(message(PLACE_ORDER, { order, amount: 0 }));
  return { ended: end };
});
