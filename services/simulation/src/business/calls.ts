import { ROOT_CONTEXT } from '@opentelemetry/api';
import {
  type AnyRemoteStep,
  CAUSATION_HEADER,
  type CallContext,
  jsonAnswer,
  type Port,
  Refused,
  Retryable,
  remoteStepsOf,
  stepRefused,
} from '@troupe/chassis';
import type { TaskRow } from '@troupe/chassis/internal';
import { orderSagas } from '@troupe/order';
import { paymentService } from '@troupe/payment';
import { shippingService } from '@troupe/shipping';
import type { Planted } from '../bugs/bugs.ts';
import { callsTo, type SimulatedCalls } from '../machine/process/calls.ts';
import type { Reach } from '../machine/process/service-process.ts';
import type { Life, World } from '../machine/world.ts';
import type { Outside } from './outside.ts';
import { askerOf } from './participants.ts';

/** Nobody looks at it: an answer that is late is left where it is. */
const UNHEARD = new AbortController().signal;
/** The calls of a process of the shop: to the outside, and to the other services where an orchestrator asks. */
export function simulatedCalls(
  life: Life,
  world: World,
  { outside, reach, planted }: { readonly outside: Outside; readonly reach: Reach; readonly planted: Planted },
): SimulatedCalls {
  const asker = askerOf(life, world, reach);
  const noAnswer = () => new Retryable('NO_ANSWER', 'The outside gave no answer.');
  /** As step-port.ts: within the time of its step, and after so many attempts without an answer that is the answer. */
  async function asked(task: TaskRow, { limits }: AnyRemoteStep<never>): Promise<unknown> {
    const { attempts } = task;
    const headers = { [CAUSATION_HEADER]: task.causationId };
    const from = { idempotencyKey: `${task.name}/${task.key}`, causationId: task.causationId, attempt: attempts };
    const context: CallContext = { ...from, headers, signal: UNHEARD };
    try {
      const late = world.sleep(life, limits.timeoutMs).then(() => Promise.reject(noAnswer()));
      const answer = await Promise.race([asker(task.name, task.data, context), late]);
      return answer instanceof Refused ? stepRefused(answer, { attempts }) : { ...answer, attempts };
    } catch (error) {
      if (attempts < limits.attempts) throw error;
      world.note('orchestrator: no answer after all attempts');
      return { kind: 'unanswered', detail: 'no answer', attempts };
    }
  }

  const calls = callsTo(
    {
      isDone: (name, key) => outside.isDone(name, key),
      perform(task) {
        const outcome = outcomeOf(task, outside, world, planted.refusals);
        for (const call of ['Refund', 'CancelBooking']) noteRefusals(world, call, outside.refusalsOf(call, task.key));
        return outcome;
      },
    },
    life,
    world,
  );
  return {
    ...calls,
    async perform(task) {
      const ask = ASKS.get(task.name);
      return ask === undefined ? calls.perform(task) : { outcome: await asked(task, ask), context: ROOT_CONTEXT };
    },
  };
}

/** What the outside answers. An odd refusal goes the way of a real one: by its status, and what the port makes of that. */
function outcomeOf(task: TaskRow, outside: Outside, world: World, bug: Planted['refusals']): unknown {
  const { name, key } = task;
  const port = PORTS.get(name);
  // A notification's key begins with its order.
  const [orderId = key] = key.split('/');
  const atOnce = outside.isDone(name, key) ? undefined : outside.oddStatus(name, orderId);
  const outcome = atOnce === undefined ? outside.perform(name, key, task.data as never) : undefined;
  const status = atOnce ?? outside.oddStatus(name, orderId, outcome);
  if (status === undefined || port === undefined) return outcome;
  world.note(`${name} refused with a status that nobody expects`);
  const answer = jsonAnswer('outside', status, { error: { code: 'odd', message: 'Not like this.' } });
  if (bug === 'no answer' || !(answer instanceof Refused))
    throw new Retryable('NO_ANSWER', `The outside said ${status}.`);
  return port.refused(answer, task);
}

/** Of the services as they are; they ask nobody here. */
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

/** After so many refusals nobody asks again by itself. */
const GIVEN_UP = 6;

function noteRefusals(world: World, call: string, refusals: number): void {
  if (refusals > 1) world.note(`${call} refused more than once`);
  if (refusals >= GIVEN_UP) world.note(`${call} refused until a person had to act`);
}
