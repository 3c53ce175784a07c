import { ROOT_CONTEXT } from '@opentelemetry/api';
import { Retryable } from '@troupe/chassis';
import type { CallAnswer, TaskRow, TaskRunner } from '@troupe/chassis/internal';
import type { Incarnation } from '../world/incarnation.ts';
import type { World } from '../world/world.ts';

/** What the task runner of a process knows of its calls. */
export type SimulatedCalls = ConstructorParameters<typeof TaskRunner>[0]['calls'];

/** The external systems of a trade. Each does the work of a call once, whether or not its answer arrives. */
export interface External {
  /** Whether the work of a call is done already. */
  isDone(name: string, key: string): boolean;
  /** Does the work of a call and returns its outcome. @throws Retryable when there is no answer. */
  perform(task: TaskRow): unknown;
}

/** The time-out of a call. The work may be done. */
const TIMEOUT_MS = 10_000;
const SLOW_MS = 4_000;

/** The calls of a process. Some do not arrive, some are answered late, some are carried out and not answered. */
export function simulatedCalls(incarnation: Incarnation, world: World, external: External): SimulatedCalls {
  const { faults } = world;
  const about =
    ({ name, key }: TaskRow) =>
    () =>
      `${name} of ${key} by ${incarnation.name}`;
  const noAnswer = () => new Retryable('NO_ANSWER', 'The outside gave no answer.');
  return {
    resting: [],
    room: Number.POSITIVE_INFINITY,
    isFull: false,
    capacity: () => ({ take: () => true }),
    mayTry: false,
    waitsForAnswers: () => false,
    async perform(task: TaskRow): Promise<CallAnswer> {
      await world.yieldPoint(incarnation);
      if (faults.inject('call not made', about(task))) throw noAnswer();
      if (world.outage.blocksCall(task.name)) {
        await world.sleep(incarnation, TIMEOUT_MS);
        throw noAnswer();
      }
      if (external.isDone(task.name, task.key)) world.note('call made again whose work was done already');
      const outcome = external.perform(task);
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
