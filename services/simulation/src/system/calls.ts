import { ROOT_CONTEXT } from '@opentelemetry/api';
import {
  type AnyAsk,
  asksOf,
  CAUSATION_HEADER,
  type CallContext,
  type Port,
  partnerAnswer,
  Refused,
  Retryable,
  stepRefused,
} from '@troupe/chassis';
import type { CallAnswer, TaskRow } from '@troupe/chassis/simulation';
import { orderSagas } from '@troupe/order';
import { paymentService } from '@troupe/payment';
import { shippingService } from '@troupe/shipping';
import type { PlantedBug } from '../bugs/planted-bug.ts';
import type { ExternalSystems } from '../shop/external-systems.ts';
import type { Incarnation } from '../world/incarnation.ts';
import type { World } from '../world/world.ts';
import { type FindProcess, remoteStepCallerOf } from './participants.ts';

/** Nobody looks at it: an answer that is late is left where it is. */
const NO_SIGNAL = new AbortController().signal;
/** As the real calls: after this there is no answer, though the work may be done. */
const TIMEOUT_MS = 10_000;
const SLOW_MS = 4_000;

/** The calls of a process to the outside: some do not arrive, some are answered late, some are done and not answered. */
export function simulatedCalls(
  incarnation: Incarnation,
  world: World,
  {
    external,
    findProcess,
    plantedBug,
  }: { readonly external: ExternalSystems; readonly findProcess: FindProcess; readonly plantedBug: PlantedBug },
) {
  const { faults } = world;
  const asker = remoteStepCallerOf(incarnation, world, findProcess);
  const about =
    ({ name, key }: TaskRow) =>
    () =>
      `${name} of ${key} by ${incarnation.name}`;
  const noAnswer = () => new Retryable('NO_ANSWER', 'The outside gave no answer.');
  /** As step-port.ts: within the time of its step, and after so many attempts without an answer that is the answer. */
  async function asked(task: TaskRow, { limits }: AnyAsk<never>): Promise<unknown> {
    const { attempts } = task;
    const headers = { [CAUSATION_HEADER]: task.causationId };
    const from = { idempotencyKey: `${task.name}/${task.key}`, causationId: task.causationId, attempt: attempts };
    const context: CallContext = { ...from, headers, signal: NO_SIGNAL };
    try {
      const late = world.sleep(incarnation, limits.timeoutMs).then(() => Promise.reject(noAnswer()));
      const answer = await Promise.race([asker(task.name, task.data, context), late]);
      return answer instanceof Refused ? stepRefused(answer, { attempts }) : { ...answer, attempts };
    } catch (error) {
      if (attempts < limits.attempts) throw error;
      world.note('conductor: no answer after all attempts');
      return { kind: 'unanswered', detail: 'no answer', attempts };
    }
  }

  return {
    resting: [],
    room: Number.POSITIVE_INFINITY,
    isFull: false,
    places: () => ({ take: () => true }),
    mayTry: false,
    waitsForAnswers: () => false,
    async perform(task: TaskRow): Promise<CallAnswer> {
      const ask = ASKS.get(task.name);
      if (ask !== undefined) return { outcome: await asked(task, ask), context: ROOT_CONTEXT };
      await world.yieldPoint(incarnation);
      if (faults.inject('call not made', about(task))) throw noAnswer();
      if (world.outage.blocksCall(task.name)) {
        await world.sleep(incarnation, TIMEOUT_MS);
        throw noAnswer();
      }
      if (external.isDone(task.name, task.key)) world.note('call made again whose work was done already');
      const outcome = outcomeOf(task, external, world, plantedBug.refusals);
      for (const call of ['Refund', 'CancelBooking']) noteRefusals(world, call, external.refusalsOf(call, task.key));
      if (faults.inject('call answer lost', about(task))) {
        world.note('call done and not answered');
        await world.sleep(incarnation, TIMEOUT_MS);
        throw noAnswer();
      }
      if (faults.inject('call slow', about(task))) await world.sleep(incarnation, SLOW_MS);
      await world.yieldPoint(incarnation);
      return { outcome, context: ROOT_CONTEXT };
    },
  };
}

/** What the outside answers. An odd refusal goes the way of a real one: by its status, and what the port makes of that. */
function outcomeOf(task: TaskRow, external: ExternalSystems, world: World, bug: PlantedBug['refusals']): unknown {
  const { name, key } = task;
  const port = PORTS.get(name);
  // A notification's key begins with its order.
  const [orderId = key] = key.split('/');
  const atOnce = external.isDone(name, key) ? undefined : external.unexpectedStatus(name, orderId);
  const outcome = atOnce === undefined ? external.perform(name, key, task.data as never) : undefined;
  const status = atOnce ?? external.unexpectedStatus(name, orderId, outcome);
  if (status === undefined || port === undefined) return outcome;
  world.note(`${name} refused with a status that nobody expects`);
  const answer = partnerAnswer('outside', status, { error: { code: 'odd', message: 'Not like this.' } });
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

const ASKS: ReadonlyMap<string, AnyAsk<never>> = new Map(
  orderSagas.all.flatMap(({ steps }) => asksOf(steps)).map((ask) => [ask.call.messageName, ask as AnyAsk<never>]),
);

/** After so many refusals nobody asks again by itself. */
const GIVEN_UP = 6;

function noteRefusals(world: World, call: string, refusals: number): void {
  if (refusals > 1) world.note(`${call} refused more than once`);
  if (refusals >= GIVEN_UP) world.note(`${call} refused until a person had to act`);
}
