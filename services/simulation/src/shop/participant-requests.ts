import { type Command, DomainError, type JsonAnswer, jsonAnswer } from '@troupe/chassis';

type Row = Readonly<Record<string, unknown>>;

/** Commands by the last words of the path, as the routes of the services map them. */
const COMMANDS: Readonly<Record<string, string>> = {
  payments: 'ChargeOrder',
  refunds: 'RefundOrder',
  'refund/retry': 'RetryRefund',
  'refund/resolve': 'ResolveRefund',
  reservations: 'ReserveItems',
  release: 'ReleaseItems',
  shipments: 'ScheduleShipment',
  cancel: 'CancelShipment',
  'cancellation/retry': 'RetryCancellation',
  'cancellation/resolve': 'ResolveCancellation',
};

/** The command behind a request of the orchestrator. */
export function commandOf(path: string, body: Row): Command {
  const [, collection = '', id, ...act] = path.split('/');
  const type = COMMANDS[id === undefined ? collection : act.join('/')];
  if (type === undefined) throw new TypeError(`No participant answers ${path}: add it to COMMANDS.`);
  const orderId = id ?? String(body.orderId);
  return { kind: 'command', type, key: orderId, data: { ...body, orderId } };
}

/** A row as the service's route shows it. */
export function viewOf(row: Row): Row {
  const until = row.approvalExpiresAt;
  return {
    ...row,
    reason: row.failure ?? row.undoReason ?? row.reason,
    ...(until instanceof Date && { approvalExpiresAt: until.toISOString() }),
  };
}

/** What a participant answers when its rule or its route refuses. */
export function refusal(error: unknown): JsonAnswer {
  if (error instanceof DomainError) return answerOf(error.status, { code: error.code, detail: error.message });
  throw error;
}

/** The answer, read by the production client. */
export const answerOf = (status: number, body: Row): JsonAnswer => jsonAnswer('participant', status, body);
