import type { SagaLog, StepLimits } from '@troupe/chassis';
import { orderSagas, type Recorded, replay } from '@troupe/order';
import { APPROVAL_TIMEOUT_MS, RETRY_MS } from './services.ts';

/** A state of a row with bounds in time: the row may not keep it for longer, and a timer may not end it sooner. */
export interface Wait {
  /** Says in a violation what the row waits for. */
  readonly what: string;
  /** The timer that ends it. Absent where the bound holds for several timers together. */
  readonly timer?: string;
  /** Identifies the wait: after a commit with the same value the wait goes on, otherwise it begins anew. */
  readonly of: unknown;
  /** Moments of the world's clock. */
  readonly earliest: number;
  readonly latest: number;
}

/** When the transaction that wrote the row began, and when it was committed. */
export interface Since {
  readonly began: number;
  readonly committed: number;
}

/** The delay before a busy participant is asked again, and before the first retry of a failed saga. As in the chassis. */
const ASK_AGAIN_MS = 2_000;
const SAGA_RETRY_MS = 5_000;
/** A saga asks for an approval again this long after the approval's time-out. */
const GRACE_MS = 1_000;
/** How often a refused compensation is retried automatically. As in the chassis. */
const RETRIES = 5;

type Row = Readonly<Record<string, unknown>>;
export type RowOf = (key: string) => unknown;

/**
 * What the rows of an order wait for in a service: the time limits of the reaction tables, stated again without their code. Each
 * timer of each table has its place here. A timer without a place is a violation as soon as it takes effect.
 */
export function waitsOf(service: string, key: string, rowOf: RowOf, since: Since): readonly Wait[] {
  const row = rowOf(key);
  switch (service) {
    case 'order':
      return [...deadline((row ?? []) as readonly Recorded[]), ...saga(rowOf(`saga/${key}`), row, since)];
    case 'payment':
      return [...approval(row, since), ...retry(row, { on: 'RefundRetry', status: 'REFUND_FAILED' }, since)];
    case 'shipping':
      return retry(row, { on: 'CancelRetry', status: 'CANCEL_FAILED' }, since);
    default:
      return [];
  }
}

/**
 * An order has ended, or needs attention, at its deadline. The deadline counts from the placement of the order; during an
 * approval, from the approval's time-out; and after an approval, from the charge.
 */
function deadline(stream: readonly Recorded[]): readonly Wait[] {
  const state = replay(stream)?.state;
  if (state === undefined || !['PENDING', 'AWAITING_APPROVAL'].includes(state.standing.status)) return [];
  const at = countedFrom(stream) + state.deadlineMs;
  const what = `the order is ${state.standing.status}`;
  return [{ what, timer: 'OrderDeadline', of: `deadline at ${at}`, earliest: at, latest: at }];
}

function countedFrom(stream: readonly Recorded[]): number {
  const approval = approvalUntil(stream);
  const paid = stream.find(({ event }) => event.type === 'PaymentReceived');
  if (approval !== undefined) return paid?.at.getTime() ?? approval;
  return stream[0]?.at.getTime() ?? 0;
}

/** The time-out of an approval, or the moment in which the order learned of it, whichever is later. */
function approvalUntil(stream: readonly Recorded[]): number | undefined {
  for (const { at, event } of stream)
    if (event.type === 'ApprovalAwaited') return Math.max(Date.parse(event.data.expiresAt), at.getTime());
  return undefined;
}

function approval(row: unknown, since: Since): readonly Wait[] {
  const { status } = (row ?? {}) as Row;
  if (status !== 'AWAITING_APPROVAL') return [];
  return [{ what: 'a person has to approve', timer: 'ApprovalExpiry', of: row, ...from(since, APPROVAL_TIMEOUT_MS) }];
}

/** A refused compensation is retried automatically, with a delay that doubles. After the last retry an operator has to act. */
function retry(row: unknown, { on, status }: { on: string; status: string }, since: Since): readonly Wait[] {
  const stored = (row ?? {}) as Row;
  const refused = Number(stored.refundAttempts ?? stored.cancelAttempts);
  if (stored.status !== status || refused > RETRIES) return [];
  return [
    { what: `${status}, refused ${refused} times`, timer: on, of: row, ...from(since, RETRY_MS * 2 ** (refused - 1)) },
  ];
}

/** Each step of a saga has its limits, forwards and backwards. A failed compensation is retried. */
function saga(row: unknown, order: unknown, since: Since): readonly Wait[] {
  const log = row as SagaLog | undefined;
  if (log === undefined) return [];
  const timer = 'SagaClock';
  if (log.status === 'COMPENSATION_FAILED') {
    if (log.rounds >= RETRIES) return [];
    const what = `the saga is ${log.status} in round ${log.rounds}`;
    return [{ what, timer, of: log, ...from(since, SAGA_RETRY_MS * 2 ** log.rounds) }];
  }
  return log.steps.flatMap(({ name, status, compensation }): Wait[] => {
    const standing = compensation?.status ?? status;
    if (standing !== 'RUNNING' && standing !== 'WAITING') return [];
    const { withinMs, timeoutMs } = limitsOf(log, name, compensation !== undefined);
    const what = `the saga's step "${name}" ${compensation === undefined ? '' : 'is being undone and '}is ${standing}`;
    const asked = standing === 'RUNNING' ? from(since, withinMs) : waiting(order as readonly Recorded[], since);
    if (compensation === undefined) return [{ what, timer, of: log, ...asked }];
    // A busy participant of a compensation has no more time than a silent one.
    const earliest = standing === 'RUNNING' ? compensation.startedAt.getTime() + withinMs : asked.earliest;
    const run = from(since, withinMs + timeoutMs + ASK_AGAIN_MS);
    return [
      { what, timer, of: log, ...asked, earliest },
      { what: `${what}, in all,`, of: `${name} in round ${log.rounds}`, ...run },
    ];
  });
}

function limitsOf({ definition, version }: SagaLog, step: string, back: boolean): StepLimits {
  const table = orderSagas.all.find((one) => one.name === definition && one.version === version);
  const line = table?.steps.find(({ name }) => name === step);
  const asked = back ? line?.compensation : line?.action;
  if (asked === undefined || !('call' in asked))
    throw new Error(`The step "${step}" is running and calls no participant.`);
  return asked.limits;
}

/** The step waits for a busy participant or for an approval; the log does not say which. */
function waiting(order: readonly Recorded[], since: Since) {
  const { latest } = from(since, ASK_AGAIN_MS);
  return { earliest: since.began + GRACE_MS, latest: Math.max(latest, (approvalUntil(order) ?? 0) + GRACE_MS) };
}

const from = ({ began, committed }: Since, ms: number) => ({ earliest: began + ms, latest: committed + ms });
