import { hash } from 'node:crypto';
import {
  type CallContext,
  type Command,
  causationOf,
  DomainError,
  type JsonAnswer,
  type JsonClient,
  jsonAnswer,
  type Refused,
  Retryable,
  type StepAnswer,
} from '@troupe/chassis';
import type { IdempotencyClaim } from '@troupe/chassis/internal';
import { type Participants, performersOf } from '@troupe/order';
import type { Reach, ServiceProcess } from '../machine/process/service-process.ts';
import type { Life, World } from '../machine/world.ts';

/** As a client of HTTP: after this there is no answer, though the work may be done. */
const TIMEOUT_MS = 4_000;
/** As the participants' `?wait=3`. */
const LOOK_MS = 3_000;
const BUSY = ['CHARGING', 'REFUNDING', 'BOOKING', 'CANCELLING'];

type Row = Readonly<Record<string, unknown>>;

type Perform = (request: unknown, context: CallContext) => Promise<StepAnswer | Refused>;
/** Makes an ask, by the name of its call. */
export type Asker = (call: string, ...asked: Parameters<Perform>) => Promise<StepAnswer | Refused>;

/** How the orchestrator of a process asks the others: by their commands, on whichever of their processes answers. */
export function askerOf(life: Life, world: World, reach: Reach): Asker {
  const to = (service: string) => participant(service, { life, world, reach });
  const participants: Participants = { payment: to('payment'), inventory: to('inventory'), shipping: to('shipping') };
  const performers: Readonly<Record<string, readonly [string, unknown]>> = performersOf(participants);
  return (call, request, context) => {
    const [, perform] = performers[call] as readonly [string, Perform];
    return perform(request, context);
  };
}

interface Asking {
  readonly life: Life;
  readonly world: World;
  readonly reach: Reach;
}

function participant(service: string, { life, world, reach }: Asking): JsonClient {
  const noAnswer = () => new Retryable('NO_ANSWER', `The ${service} service gave no answer.`);
  const reached = async (): Promise<ServiceProcess> => {
    await world.point(life);
    const process = reach(service);
    if (process === undefined || world.faults.strike('call not made', () => `to ${service} by ${life.name}`))
      throw noAnswer();
    return process;
  };
  const notWithoutAnswer = async (): Promise<void> => {
    if (!world.absence.takesAnswersOf(service)) return;
    await world.sleep(life, TIMEOUT_MS);
    throw noAnswer();
  };
  return {
    async post(path, body, { idempotencyKey, headers }: CallContext) {
      const process = await reached();
      const asked = process.loop.execute(
        { ...commandOf(path, body), causationId: causationOf(headers) },
        ({ state }) => ({ status: 200, body: viewOf((state as { reservation?: Row }).reservation ?? (state as Row)) }),
        claimOf(path, body, idempotencyKey),
      );
      const late = world.sleep(life, TIMEOUT_MS).then(() => Promise.reject(noAnswer()));
      const answered = await Promise.race([asked, late]).then(
        ({ status, body: said }) =>
          () =>
            answerOf(status, said as Row),
        (error: unknown) => () => refusal(error),
      );
      // The answer travels: whoever has died meanwhile does not get it.
      await world.point(life);
      await notWithoutAnswer();
      const answer = answered();
      if (world.faults.strike('call answer lost', () => `of ${service} to ${life.name}`)) throw noAnswer();
      return answer;
    },
    async get(path) {
      const { server } = (await reached()).parts;
      await notWithoutAnswer();
      const id = path.split(/[/?]/)[2] as string;
      const row = () => server.tables.rows.get(service === 'inventory' ? `reservation/${id}` : id) as Row | undefined;
      const until = world.now + LOOK_MS;
      const isSettled = () => !BUSY.includes(String(row()?.status));
      if (!isSettled())
        await new Promise<void>((go) => void world.whenever(life, () => (isSettled() ? world.now : until), go));
      const found = row();
      return found === undefined ? answerOf(404, { code: 'NOT_FOUND' }) : answerOf(200, viewOf(found));
    },
  };
}

/** By the last words of the path, as the routes of the services have it. */
const COMMANDS: Readonly<Record<string, string>> = {
  payments: 'ChargeOrder',
  refunds: 'RefundOrder',
  'refund/retry': 'RetryRefund',
  reservations: 'ReserveItems',
  release: 'ReleaseItems',
  shipments: 'ScheduleShipment',
  cancel: 'CancelShipment',
  'cancellation/retry': 'RetryCancellation',
};

function commandOf(path: string, body: Row): Command {
  const [, collection = '', id, ...act] = path.split('/');
  const type = COMMANDS[id === undefined ? collection : act.join('/')];
  if (type === undefined) throw new TypeError(`Nobody answers ${path}: teach it to this file.`);
  const orderId = id ?? String(body.orderId);
  return { kind: 'command', type, key: orderId, data: { ...body, orderId } };
}

const claimOf = (path: string, body: Row, key: string): IdempotencyClaim => {
  return { scope: `orchestrator POST ${path}`, key, requestHash: hash('sha256', JSON.stringify(body), 'buffer') };
};

/** What clients see of a row. */
function viewOf(row: Row): Row {
  const until = row.approvalExpiresAt;
  return {
    ...row,
    reason: row.failure ?? row.undoReason ?? row.reason,
    ...(until instanceof Date && { approvalExpiresAt: until.toISOString() }),
  };
}

function refusal(error: unknown): JsonAnswer {
  if (error instanceof DomainError) return answerOf(error.status, { code: error.code, detail: error.message });
  throw error;
}

/** What the production code makes of it. */
const answerOf = (status: number, body: Row): JsonAnswer => jsonAnswer('participant', status, body);
