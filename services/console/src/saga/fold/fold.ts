import type { Diagnosis } from '../../contract/diagnosis.ts';
import type { SagaDetail, SagaState } from '../../contract/saga.ts';
import type { SagaInput } from '../input.ts';
import { outcomeOf } from '../owed/outcome.ts';
import { summaryOf } from '../shop/ended.ts';
import { ledgerOf } from '../shop/ledger.ts';
import { endReasonOf, placementOf } from '../shop/order.ts';
import { triesAgainAt } from '../shop/payloads.ts';
import { stateOf } from '../summary/row.ts';
import { deadlineIn } from './deadline.ts';
import { lanesOf } from './lanes.ts';
import type { Look } from './look.ts';
import { lookAt } from './look-at.ts';
import { stepsOwed } from './owed-steps.ts';
import { stepsSaid } from './steps.ts';

/** A saga whole, as it was at `input.now`. Pure: the page calls it as well, for the moments of its slider. */
export const fold = (input: SagaInput): SagaDetail => detailOf(lookAt(input), null, []);

/** The same, with the cause that was found, and what can be done. */
export function detailOf(look: Look, diagnosis: Diagnosis | null, actions: SagaDetail['actions']): SagaDetail {
  const { input, told, protocol, style, events, now } = look;
  const outcome = outcomeOf(told, protocol);
  const steps = [...stepsSaid(look), ...stepsOwed(look)];
  const sure = look.owings.filter(({ isSure, nobodyWaits }) => isSure && !nobodyWaits);
  const open = outcome === null || sure.length > 0;
  const state: SagaState = stateOf({ open, person: personOf(look) }, diagnosis);
  const deadlineAt = deadlineIn(look);
  const [first] = events;
  return {
    orderId: input.orderId,
    style,
    state,
    outcome: outcome === null ? null : outcome.ends === 'success' ? 'confirmed' : 'cancelled',
    reason: outcome === null ? null : endReasonOf(outcome.by.payload),
    diagnosis,
    actions,
    summary: open ? null : summaryOf(look),
    placedAt:
      told.root === undefined ? (first?.at ?? new Date(now).toISOString()) : new Date(told.root.at).toISOString(),
    endedAt: outcome === null ? null : new Date(outcome.by.at).toISOString(),
    deadlineAt: deadlineAt === null ? null : new Date(deadlineAt).toISOString(),
    ...placementOf(told.root?.payload ?? {}, events),
    traceId: events.find(({ traceId }) => traceId !== null)?.traceId ?? null,
    now: new Date(now).toISOString(),
    steps,
    events,
    readings: look.readings,
    work: look.work,
    setAside: look.setAside,
    lanes: lanesOf(look),
    ledger: ledgerOf(told, protocol),
    log: input.log ?? null,
    links: input.links ?? { jaeger: null, kafkaUi: null },
    gaps: input.gaps ?? [],
  };
}

function personOf({ owings }: Look): 'approval' | 'compensation' | null {
  const sure = owings.filter(({ isSure }) => isSure);
  if (sure.some(({ kind }) => kind === 'decision')) return 'approval';
  return sure.some(({ kind, on }) => kind === 'undo again' && triesAgainAt(on.payload) === null)
    ? 'compensation'
    : null;
}
