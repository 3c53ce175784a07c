import { ROOT_CONTEXT } from '@opentelemetry/api';
import { Retryable } from '@troupe/chassis';
import type { CallAnswer, TaskRow } from '@troupe/chassis/simulation';
import type { Outside } from '../business/outside.ts';
import type { Life, World } from '../world.ts';

/** As the real calls: after this there is no answer, though the work may be done. */
const TIMEOUT_MS = 10_000;
const SLOW_MS = 4_000;

/** The calls of a process to the outside: some do not arrive, some are answered late, some are done and not answered. */
export function simulatedCalls(life: Life, world: World, outside: Outside) {
  const { faults } = world;
  const about =
    ({ name, key }: TaskRow) =>
    () =>
      `${name} of ${key} by ${life.name}`;
  const noAnswer = () => new Retryable('NO_ANSWER', 'The outside gave no answer.');
  return {
    resting: [],
    mayTry: false,
    waitsForAnswers: () => false,
    async perform(task: TaskRow): Promise<CallAnswer> {
      await world.point(life);
      if (faults.strike('call not made', about(task))) throw noAnswer();
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

/** After so many refusals nobody asks again by itself. */
const GIVEN_UP = 6;

function noteRefusals(world: World, call: string, refusals: number): void {
  if (refusals > 1) world.note(`${call} refused more than once`);
  if (refusals >= GIVEN_UP) world.note(`${call} refused until a person had to act`);
}
