import { bareRuntime } from '../bare/runtime.ts';
import { type EndedOrder, listen } from '../business/front.ts';
import { Outside } from '../business/outside.ts';
import type { Part } from '../business/tables.ts';
import { settingsFromEnvironment } from '../settings.ts';
import { tutorialRuntime } from '../tutorial/runtime.ts';
import { message } from './message.ts';
import { PLACE_ORDER, serviceOf } from './services.ts';
import type { Runtime } from './start.ts';

const RUNTIMES: Readonly<Record<string, Runtime>> = { bare: bareRuntime, tutorial: tutorialRuntime };

// One service of a choreography: `main.js <bare|tutorial> <service>`.
const [, , peer = '', name] = process.argv;
const { steps, run } = RUNTIMES[peer] as Runtime;
const settings = settingsFromEnvironment();
const waiting = new Map<string, (order: EndedOrder) => void>();

function ended(order: EndedOrder): void {
  waiting.get(order.orderId)?.(order);
  waiting.delete(order.orderId);
}

const environment = { steps, outside: new Outside(settings), calls: settings.calls, ended };
const place = await run(serviceOf(name as Part, environment), settings);
listen(settings.port, async (order) => {
  const end = new Promise<EndedOrder>((resolve) => waiting.set(order.orderId, resolve));
  await place(message(PLACE_ORDER, { order, amount: 0 }));
  return { ended: end };
});
