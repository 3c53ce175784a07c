import { ROOT_CONTEXT } from '@opentelemetry/api';
import { type AnyAsk, asksOf, type CallContext, Retryable } from '@troupe/chassis';
import type { CallAnswer, TaskRow } from '@troupe/chassis/simulation';
import { orderSagas } from '@troupe/order';
import type { Outside } from '../business/outside.ts';
import type { Life, World } from '../world.ts';
import { askerOf, type Reach } from './participants.ts';

/** As the real calls: after this there is no answer, though the work may be done. */
const TIMEOUT_MS = 10_000;
const SLOW_MS = 4_000;

/** The calls of a process to the outside: some do not arrive, some are answered late, some are done and not answered. */
export function simulatedCalls(
  life: Life,
  world: World,
  { outside, reach }: { readonly outside: Outside; readonly reach: Reach },
) {
  const { faults } = world;
  const asker = askerOf(life, world, reach);
  const about =
    ({ name, key }: TaskRow) =>
    () =>
      `${name} of ${key} by ${life.name}`;
  const noAnswer = () => new Retryable('NO_ANSWER', 'The outside gave no answer.');
  /** As step-port.ts: within the time of its step, and after so many attempts without an answer that is the answer. */
  async function asked(task: TaskRow, { limits }: AnyAsk<never>): Promise<unknown> {
    const { attempts } = task;
    const context = { idempotencyKey: `${task.name}/${task.key}`, attempt: attempts, headers: {} } as CallContext;
    try {
      const late = world.sleep(life, limits.timeoutMs).then(() => Promise.reject(noAnswer()));
      return { ...(await Promise.race([asker(task.name, task.data, context), late])), attempts };
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
      await world.point(life);
      if (faults.strike('call not made', about(task))) throw noAnswer();
      if (world.absence.takesCall(task.name)) {
        await world.sleep(life, TIMEOUT_MS);
        throw noAnswer();
      }
      if (outside.isDone(task.name, task.key)) world.note('call made again whose work was done already');
      const outcome = outside.perform(task.name, task.key, task.data as never);
      for (const call of ['Refund', 'CancelBooking']) noteRefusals(world, call, outside.refusalsOf(call, task.key));
      if (faults.strike('call answer lost', about(task))) {
        world.note('call done and not answered');
        await world.sleep(life, TIMEOUT_MS);
        throw noAnswer();
      }
      if (faults.strike('call slow', about(task))) await world.sleep(life, SLOW_MS);
      await world.point(life);
      return { outcome, context: ROOT_CONTEXT };
    },
  };
}

const ASKS: ReadonlyMap<string, AnyAsk<never>> = new Map(
  orderSagas.all.flatMap(({ steps }) => asksOf(steps)).map((ask) => [ask.call.messageName, ask as AnyAsk<never>]),
);

/** After so many refusals nobody asks again by itself. */
const GIVEN_UP = 6;

function noteRefusals(world: World, call: string, refusals: number): void {
  if (refusals > 1) world.note(`${call} refused more than once`);
  if (refusals >= GIVEN_UP) world.note(`${call} refused until a person had to act`);
}
