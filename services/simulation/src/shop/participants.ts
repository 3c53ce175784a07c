import { hash } from 'node:crypto';
import { type CallContext, type JsonClient, type Refused, Retryable, type StepAnswer } from '@troupe/chassis';
import type { IdempotencyClaim } from '@troupe/chassis/internal';
import { CAUSE_DEPTH_HEADER, causationOf, depthOf } from '@troupe/chassis/internal';
import { type Participants, performersOf } from '@troupe/order';
import type { FindProcess } from '../system/service-process.ts';
import type { Incarnation } from '../world/incarnation.ts';
import type { World } from '../world/world.ts';
import { answerOf, commandOf, refusal, viewOf } from './participant-requests.ts';

/** The time-out of an HTTP request. The work may be done. */
const TIMEOUT_MS = 4_000;
/** How long a participant holds a GET back while its work is under way, as with `?wait=3`. */
const WAIT_MS = 3_000;
const BUSY = ['CHARGING', 'REFUNDING', 'BOOKING', 'CANCELLING'];

type Row = Readonly<Record<string, unknown>>;

type Perform = (request: unknown, context: CallContext) => Promise<StepAnswer | Refused>;
/** Makes a remote step, by the name of its call. */
export type RemoteStepCaller = (call: string, ...asked: Parameters<Perform>) => Promise<StepAnswer | Refused>;

/** How the orchestrator of a process calls the participants: by their commands, on any running process of theirs. */
export function remoteStepCallerOf(incarnation: Incarnation, world: World, findProcess: FindProcess): RemoteStepCaller {
  const to = (service: string) => participant(service, { incarnation, world, findProcess });
  const participants: Participants = { payment: to('payment'), inventory: to('inventory'), shipping: to('shipping') };
  const performers: Readonly<Record<string, readonly [string, unknown]>> = performersOf(participants);
  return (call, request, context) => {
    const [, perform] = performers[call] as readonly [string, Perform];
    return perform(request, context);
  };
}

interface Asking {
  readonly incarnation: Incarnation;
  readonly world: World;
  readonly findProcess: FindProcess;
}

function participant(service: string, { incarnation, world, findProcess }: Asking): JsonClient {
  const noAnswer = () => new Retryable('NO_ANSWER', `The ${service} service gave no answer.`);
  const reached = async (): Promise<NonNullable<ReturnType<FindProcess>>> => {
    await world.yieldPoint(incarnation);
    const process = findProcess(service);
    if (process === undefined || world.faults.inject('call not made', () => `to ${service} by ${incarnation.name}`))
      throw noAnswer();
    return process;
  };
  const notWithoutAnswer = async (): Promise<void> => {
    if (!world.outage.withholdsAnswersOf(service)) return;
    await world.sleep(incarnation, TIMEOUT_MS);
    throw noAnswer();
  };
  return {
    async post(path, body, { idempotencyKey, headers }: CallContext) {
      const process = await reached();
      const asked = process.loop.execute(
        {
          ...commandOf(path, body),
          causationId: causationOf(headers),
          depth: depthOf(headers[CAUSE_DEPTH_HEADER]),
        },
        ({ state }) => ({ status: 200, body: viewOf((state as { reservation?: Row }).reservation ?? (state as Row)) }),
        claimOf(path, body, idempotencyKey),
      );
      const late = world.sleep(incarnation, TIMEOUT_MS).then(() => Promise.reject(noAnswer()));
      const answered = await Promise.race([asked, late]).then(
        ({ status, body: said }) =>
          () =>
            answerOf(status, said as Row),
        (error: unknown) => () => refusal(error),
      );
      // A process that is killed before the answer arrives does not get it.
      await world.yieldPoint(incarnation);
      await notWithoutAnswer();
      const answer = answered();
      if (world.faults.inject('call answer lost', () => `of ${service} to ${incarnation.name}`)) throw noAnswer();
      return answer;
    },
    async get(path) {
      const { server } = (await reached()).parts;
      await notWithoutAnswer();
      const id = path.split(/[/?]/)[2] as string;
      const row = () => server.tables.rows.get(service === 'inventory' ? `reservation/${id}` : id) as Row | undefined;
      const until = world.now + WAIT_MS;
      const isSettled = () => !BUSY.includes(String(row()?.status));
      if (!isSettled())
        await new Promise<void>((go) => void world.whenever(incarnation, () => (isSettled() ? world.now : until), go));
      const found = row();
      return found === undefined ? answerOf(404, { code: 'NOT_FOUND' }) : answerOf(200, viewOf(found));
    },
  };
}

const claimOf = (path: string, body: Row, key: string): IdempotencyClaim => {
  return { scope: `orchestrator POST ${path}`, key, requestHash: hash('sha256', JSON.stringify(body), 'buffer') };
};
