import { ROOT_CONTEXT } from '@opentelemetry/api';
import { Retryable } from '@troupe/chassis';
import type { CallAnswer, TaskRow, TaskRunner } from '@troupe/chassis/internal';
import type { Life, World } from '../world.ts';

/** What a task runner knows of the calls of its process. */
export type SimulatedCalls = ConstructorParameters<typeof TaskRunner>[0]['calls'];

/** Whom the calls ask, as its contract has it: the work of a call is done once, whether or not the answer arrives. */
export interface Outside {
  /** Whether the work of a call is done already. */
  isDone(name: string, key: string): boolean;
  /** Does the work of a call, and says what it came to. @throws Retryable when that is no answer. */
  perform(task: TaskRow): unknown;
}

/** As the real calls: after this there is no answer, though the work may be done. */
const TIMEOUT_MS = 10_000;
const SLOW_MS = 4_000;

/** The calls of a process: some do not arrive, some are answered late, some are done and not answered. */
export function callsTo(outside: Outside, life: Life, world: World): SimulatedCalls {
  const { faults } = world;
  const about =
    ({ name, key }: TaskRow) =>
    () =>
      `${name} of ${key} by ${life.name}`;
  const noAnswer = () => new Retryable('NO_ANSWER', 'The outside gave no answer.');
  return {
    resting: [],
    room: Number.POSITIVE_INFINITY,
    isFull: false,
    places: () => ({ take: () => true }),
    mayTry: false,
    waitsForAnswers: () => false,
    async perform(task: TaskRow): Promise<CallAnswer> {
      await world.point(life);
      if (faults.strike('call not made', about(task))) throw noAnswer();
      if (world.absence.takesCall(task.name)) {
        await world.sleep(life, TIMEOUT_MS);
        throw noAnswer();
      }
      if (outside.isDone(task.name, task.key)) world.note('call made again whose work was done already');
      const outcome = outside.perform(task);
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
