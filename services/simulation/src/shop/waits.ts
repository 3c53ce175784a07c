import type { SagaLog, StepLimits } from '@troupe/chassis';
import { orderSagas, type Recorded, replay } from '@troupe/order';
import { APPROVAL_TIMEOUT_MS, RETRY_MS } from './services.ts';

/** Something that a row must not stay for longer than this, and, where a timer ends it, not for less. */
export interface Wait {
  /** For people. */
  readonly what: string;
  /** The timer that ends it; absent: it bounds what several timers do together. */
  readonly timer?: string;
  /** A row that waits for the same thing of the same kind waits on; any other begins anew. */
  readonly of: unknown;
  /** Moments of the world's clock. */
  readonly earliest: number;
  readonly latest: number;
}

/** When a row got as it is: in a transaction that began and was committed then. */
export interface Since {
  readonly began: number;
  readonly committed: number;
}

/** How long a participant that is busy is left alone, and how long after its first failure a saga tries again: passage.ts. */
const ASK_AGAIN_MS = 2_000;
const SAGA_RETRY_MS = 5_000;
/** An approval that a saga waits for is asked for again so long behind its time-out. */
const GRACE_MS = 1_000;
/** How often a refused compensation is tried again by itself: compensation.ts. */
const RETRIES = 5;

type Row = Readonly<Record<string, unknown>>;
export type RowOf = (key: string) => unknown;

/**
 * What an order's rows at a service wait for: the promises of the reaction tables, told once more and without their code. Each
 * timer of each table has its place here: one that has none is wrong as soon as it takes effect.
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
 * At its deadline an order is at its end, or needs attention. The deadline is counted from its placement; while an approval is
 * awaited, from the time-out of that; and from the charge that followed one.
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

/** The time-out of an approval, or the moment in which its order heard of it, when that was later. */
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

/** A refused compensation is tried again by itself, twice as late each time; what is refused too often needs a person. */
function retry(row: unknown, { on, status }: { on: string; status: string }, since: Since): readonly Wait[] {
  const stored = (row ?? {}) as Row;
  const refused = Number(stored.refundAttempts ?? stored.cancelAttempts);
  if (stored.status !== status || refused > RETRIES) return [];
  return [
    { what: `${status}, refused ${refused} times`, timer: on, of: row, ...from(since, RETRY_MS * 2 ** (refused - 1)) },
  ];
}

/** One step after the other, each within its limits, forwards and backwards; what could not be undone, again and again. */
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
    // A participant that is busy with undoing is not waited for any longer than one that is silent.
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
  if (asked === undefined || !('call' in asked)) throw new Error(`The step "${step}" asks nobody, and is under way.`);
  return asked.limits;
}

/** For a participant that is busy, or for a person: which of both, the log does not say. */
function waiting(order: readonly Recorded[], since: Since) {
  const { latest } = from(since, ASK_AGAIN_MS);
  return { earliest: since.began + GRACE_MS, latest: Math.max(latest, (approvalUntil(order) ?? 0) + GRACE_MS) };
}

const from = ({ began, committed }: Since, ms: number) => ({ earliest: began + ms, latest: committed + ms });
