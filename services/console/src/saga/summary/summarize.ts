import type { Choreography } from '@troupe/choreography/graph';
import type { SagaEvent } from '../../contract/event.ts';
import type { Owed, SagaSummary } from '../input.ts';
import { isDeclared } from '../owed/declared.ts';
import { outcomeOf, turnOf } from '../owed/outcome.ts';
import type { Owing } from '../owed/owing.ts';
import { owingsAfter } from '../owed/owings.ts';
import { inOrder, type Said, saidOf, toldBy } from '../owed/said.ts';
import { protocolOf } from '../protocol/protocol.ts';
import { deadlineOf } from '../shop/deadline.ts';
import { decisionWords, endReasonOf, placementOf, styleOf } from '../shop/order.ts';
import { textIn, triesAgainAt } from '../shop/payloads.ts';
import { trailOf } from './trail.ts';

/** What the store keeps of a saga: the same for the same events, in whatever order and however often they come. */
export function summarize(events: readonly SagaEvent[], choreography: Choreography): SagaSummary {
  const ordered = inOrder(events);
  const [first] = ordered;
  if (first === undefined) throw new Error('A saga without events has no summary: it begins with one.');
  const style = styleOf(ordered);
  const protocol = protocolOf(choreography, style);
  const told = toldBy(ordered.map(saidOf), protocol.begins);
  const owings = owingsAfter(told, protocol);
  const outcome = outcomeOf(told, protocol);
  const awaited = owings.filter(({ nobodyWaits }) => !nobodyWaits);
  const sure = awaited.filter(({ isSure }) => isSure);
  const owing = awaited[0];
  const root = ordered.find(({ id }) => id === told.root?.id) ?? first;
  const ended = ordered.find(({ id }) => id === outcome?.by.id);
  return {
    orderId: first.key ?? root.id,
    style,
    outcome: outcome === null ? null : outcome.ends === 'success' ? 'confirmed' : 'cancelled',
    reason: ended === undefined ? null : endReasonOf(ended.payload),
    ...placementOf(root.payload, ordered),
    placedAt: root.at,
    endedAt: ended?.at ?? null,
    since: new Date(sinceOf({ owing: sure[0], ended: outcome?.by, last: told.all.at(-1) })).toISOString(),
    open: outcome === null || sure.length > 0,
    owes: owing === undefined ? null : owedOf(owing, ordered),
    deadlineAt: momentOf(deadlineOf(told, protocol)),
    turningBack: turnOf(told, protocol) !== null && (outcome === null || sure.length > 0),
    person: personIn(sure),
    ...trailOf(told, protocol, owings),
    unexpected: told.all.filter((said) => !isDeclared(said, told, protocol)).map(({ type }) => type),
    eventCount: ordered.length,
    traceId: root.traceId,
  };
}

interface Standing {
  readonly owing: Owing | undefined;
  readonly ended: Said | undefined;
  readonly last: Said | undefined;
}

/** It stands where it stands since what it waits for is owed, or since it ended. */
const sinceOf = ({ owing, ended, last }: Standing): number => owing?.since ?? ended?.at ?? last?.at ?? 0;

function owedOf(owing: Owing, events: readonly SagaEvent[]): Owed | null {
  const heard = events.find(({ id }) => id === owing.on.id);
  if (heard === undefined) return null;
  const { kind, service, hears, oneOf, since, dueAt, withinMs, isBack, calls, orchestrator } = owing;
  const { topic, partition, offset, publishedAt } = heard;
  return {
    kind,
    service,
    hears,
    hearsId: heard.id,
    saidBy: heard.service,
    topic,
    partition,
    offset,
    publishedAt,
    oneOf,
    since: new Date(since).toISOString(),
    dueAt: momentOf(dueAt),
    withinMs,
    isBack,
    calls,
    orchestrator,
    detail: kind === 'decision' ? decisionWords(heard.payload) : textIn(heard.payload, 'detail'),
  };
}

function personIn(owings: readonly Owing[]): SagaSummary['person'] {
  if (owings.some(({ kind }) => kind === 'decision')) return 'approval';
  const refused = owings.some(({ kind, on }) => kind === 'undo again' && triesAgainAt(on.payload) === null);
  return refused ? 'compensation' : null;
}

const momentOf = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
