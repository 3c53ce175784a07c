import { sagaOf, shortName } from '../../asking/lines.ts';
import type { SagaRow } from '../../contract/saga.ts';
import type { DeadLetterCause, DeadLetterRow, OperatorActView, ReplayView } from '../../contract/work.ts';
import type { ActPage, CausesPage, LetterPage, RehearsalPage, ReplayedPage, ReplayPage } from './pages.ts';

type Rows = ReadonlyMap<string, SagaRow>;

export const typeOf = (fullName: string | null): string | null => fullName && shortName(fullName);

export function rowOfLetter(service: string, letter: LetterPage, sagas: Rows): DeadLetterRow {
  const { error, id, status, topic, partition, offset, eventId, key, receivedAt, replays } = letter;
  return {
    id,
    service,
    status,
    topic,
    partition,
    offset,
    eventId,
    eventType: typeOf(letter.eventType),
    key,
    code: error?.code ?? null,
    message: error?.message ?? null,
    receivedAt,
    replays,
    saga: sagas.get(sagaOf(key) ?? '') ?? null,
  };
}

export function causeView(service: string, cause: CausesPage['items'][number]): DeadLetterCause {
  const { topic, count, quarantined, parked, firstReceivedAt, lastReceivedAt, example } = cause;
  const code = cause.code ?? 'UNKNOWN';
  const eventType = typeOf(cause.eventType);
  return {
    key: [service, code, topic, eventType ?? ''].join('/'),
    service,
    code,
    topic,
    eventType,
    count,
    quarantined,
    parked,
    firstAt: firstReceivedAt,
    lastAt: lastReceivedAt,
    message: example.message ?? '',
  };
}

export const actView = (service: string, { at, operator, act, target, reason }: ActPage): OperatorActView => ({
  at,
  service,
  operator,
  act,
  target,
  reason,
});

const itemView = ({ id, outcome, reason, code }: ReplayedPage): ReplayView['items'][number] => ({
  id,
  outcome: outcome === 'waiting' ? null : outcome,
  reason: [code, reason].filter((part) => part != null).join(': ') || null,
});

export function replayView(service: string, replay: ReplayPage, items: readonly ReplayedPage[]): ReplayView {
  const { id, status, total, done, outcomes, createdAt, operator, reason } = replay;
  return {
    id,
    service,
    status,
    total,
    done,
    outcomes,
    items: items.map(itemView),
    startedAt: createdAt,
    by: operator,
    reason,
  };
}

export function rehearsalView(
  service: string,
  { total, outcomes, items }: RehearsalPage,
  { by, at }: { readonly by: string; readonly at: Date },
): ReplayView {
  return {
    id: null,
    service,
    status: 'DRY RUN',
    total,
    done: items.length,
    outcomes,
    items: items.map(itemView),
    startedAt: at.toISOString(),
    by,
    reason: null,
  };
}
