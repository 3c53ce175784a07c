import { ROOT_CONTEXT } from '@opentelemetry/api';
import {
  type AnyRemoteStep,
  type CallContext,
  jsonAnswer,
  type Port,
  Refused,
  Retryable,
  remoteStepsOf,
} from '@troupe/chassis';
import type { TaskRow } from '@troupe/chassis/internal';
import { CAUSATION_HEADER, CAUSE_DEPTH_HEADER, stepRefused } from '@troupe/chassis/internal';
import { orderSagas } from '@troupe/order';
import { paymentService } from '@troupe/payment';
import { shippingService } from '@troupe/shipping';
import type { ShopBug } from '../bugs/planted-bug.ts';
import { type SimulatedCalls, simulatedCalls } from '../system/calls.ts';
import type { FindProcess } from '../system/service-process.ts';
import type { Incarnation } from '../world/incarnation.ts';
import type { World } from '../world/world.ts';
import type { ExternalSystems } from './external-systems.ts';
import { remoteStepCallerOf } from './participants.ts';

/** The simulation aborts no call; a late answer is dropped. */
const NO_SIGNAL = new AbortController().signal;
/** The calls of a process of the shop: to external systems, and those of an orchestrator to the other services. */
export function shopCalls(
  incarnation: Incarnation,
  world: World,
  {
    external,
    findProcess,
    plantedBug,
  }: { readonly external: ExternalSystems; readonly findProcess: FindProcess; readonly plantedBug: ShopBug },
): SimulatedCalls {
  const asker = remoteStepCallerOf(incarnation, world, findProcess);
  const noAnswer = () => new Retryable('NO_ANSWER', 'The outside gave no answer.');
  /** A remote step, as in the chassis: each attempt has a time-out, and the last one without an answer gives `unanswered`. */
  async function asked(task: TaskRow, { limits }: AnyRemoteStep<never>): Promise<unknown> {
    const { attempts, causationId, depth } = task;
    const headers = { [CAUSATION_HEADER]: causationId, [CAUSE_DEPTH_HEADER]: String(depth) };
    const from = { idempotencyKey: `${task.name}/${task.key}`, causationId, depth, attempt: attempts };
    const context: CallContext = { ...from, headers, signal: NO_SIGNAL };
    try {
      const late = world.sleep(incarnation, limits.timeoutMs).then(() => Promise.reject(noAnswer()));
      const answer = await Promise.race([asker(task.name, task.data, context), late]);
      return answer instanceof Refused ? stepRefused(answer, { attempts }) : { ...answer, attempts };
    } catch (error) {
      if (attempts < limits.attempts) throw error;
      world.note('orchestrator: no answer after all attempts');
      return { kind: 'unanswered', detail: 'no answer', attempts };
    }
  }

  const calls = simulatedCalls(incarnation, world, {
    isDone: (name, key) => external.isDone(name, key),
    perform(task) {
      const outcome = outcomeOf(task, external, world, plantedBug.refusals);
      for (const call of ['Refund', 'CancelBooking']) noteRefusals(world, call, external.refusalsOf(call, task.key));
      return outcome;
    },
  });
  return {
    ...calls,
    async perform(task) {
      const ask = ASKS.get(task.name);
      return ask === undefined ? calls.perform(task) : { outcome: await asked(task, ask), context: ROOT_CONTEXT };
    },
  };
}

/** The answer of an external system. An unexpected status passes through the production port. */
function outcomeOf(task: TaskRow, external: ExternalSystems, world: World, bug: ShopBug['refusals']): unknown {
  const { name, key } = task;
  const port = PORTS.get(name);
  // The key of a notification begins with its order's id.
  const [orderId = key] = key.split('/');
  const atOnce = external.isDone(name, key) ? undefined : external.unexpectedStatus(name, orderId);
  const outcome = atOnce === undefined ? external.perform(name, key, task.data as never) : undefined;
  const status = atOnce ?? external.unexpectedStatus(name, orderId, outcome);
  if (status === undefined || port === undefined) return outcome;
  world.note(`${name} refused with a status that nobody expects`);
  const answer = jsonAnswer('outside', status, { error: { code: 'odd', message: 'Not like this.' } });
  if (bug === 'no answer' || !(answer instanceof Refused))
    throw new Retryable('NO_ANSWER', `The outside said ${status}.`);
  return port.refused(answer, task);
}

/** The production ports, by call. They only translate refusals here. */
const PORTS: ReadonlyMap<string, Port<never, unknown>> = new Map(
  [
    ...(paymentService.ports?.({ paymentProviderUrl: 'http://outside' } as never) ?? []),
    ...(shippingService.ports?.({ carrierUrl: 'http://outside' } as never) ?? []),
  ].map((port) => [port.call.messageName, port]),
);

const ASKS: ReadonlyMap<string, AnyRemoteStep<never>> = new Map(
  orderSagas.all
    .flatMap(({ steps }) => remoteStepsOf(steps))
    .map((ask) => [ask.call.messageName, ask as AnyRemoteStep<never>]),
);

/** After this many refusals a call is not retried automatically. */
const REFUSALS_UNTIL_GIVEN_UP = 6;

function noteRefusals(world: World, call: string, refusals: number): void {
  if (refusals > 1) world.note(`${call} refused more than once`);
  if (refusals >= REFUSALS_UNTIL_GIVEN_UP) world.note(`${call} refused until a person had to act`);
}
