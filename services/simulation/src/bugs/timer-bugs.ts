import { cancel, type Effect, type SagaLog } from '@troupe/chassis';
import { tables } from '../shop/services.ts';
import type { PlantedBug } from './planted-bug.ts';
import { ignoring, withDecision, withRule } from './rule-bugs.ts';

const effectsOf = (service: string, change: (effect: Effect) => readonly Effect[]) =>
  withDecision(service, (decision) => ({ ...decision, effects: decision.effects.flatMap(change) }));

const schedules = (timer: string, effect: Effect) =>
  'kind' in effect && effect.kind === 'task' && effect.type === timer;

/** Bugs that every timer can have. */
const FORMS: Readonly<Record<string, (service: string, timer: string) => PlantedBug['table']>> = {
  'is ignored': (service, timer) =>
    withRule(
      service,
      (name) => name === timer,
      () => ignoring,
    ),
  'is never set': (service, timer) => effectsOf(service, (effect) => (schedules(timer, effect) ? [] : [effect])),
  'goes off at once': (service, timer) =>
    effectsOf(service, (effect) => [schedules(timer, effect) ? { ...effect, delayMs: 0 } : effect]),
};

/** Bugs that every call can have. */
const CALL_FORMS: typeof FORMS = {
  'has its answer ignored': FORMS['is ignored'] as (typeof FORMS)[string],
};

/** Each form for each timer, or call, of each table. The invariants have to cover a new one, or its bug is not found. */
function ofEvery(wanted: 'timer' | 'call', forms: typeof FORMS): Readonly<Record<string, () => PlantedBug>> {
  const found = tables.flatMap(({ service, reactions }) =>
    reactions.flatMap(({ hears: { kind, messageName } }) => (kind === wanted ? [[service, messageName] as const] : [])),
  );
  return Object.fromEntries(
    found.flatMap(([service, name]) =>
      Object.entries(forms).map(([form, plant]) => [`${name} ${form}`, () => ({ table: plant(service, name) })]),
    ),
  );
}

/** Withdraws the order's deadline for good when an approval is awaited: only payment could then end the order. */
const deadlineWithdrawn = withDecision('order', (decision) => {
  const { state } = (decision.state ?? {}) as { readonly state?: { readonly standing: { readonly status: string } } };
  if (state?.standing.status !== 'AWAITING_APPROVAL') return decision;
  const change = (effect: Effect) =>
    schedules('OrderDeadline', effect) ? cancel({ messageName: 'OrderDeadline' }, keyOf(effect)) : effect;
  return { ...decision, effects: decision.effects.map(change) };
});

/** Does not set the deadline again when the approved payment is done: the order then waits until the approval's time-out. */
const deadlineNotRenewed = withRule(
  'order',
  (name) => name === 'PaymentCompleted' || name === 'ChargePayment',
  (original) => (data, state, context) => {
    const decision = original(data, state, context);
    const { state: before } = (state ?? {}) as { readonly state?: { readonly standing: { readonly status: string } } };
    if (decision.kind !== 'decided' || before?.standing.status !== 'AWAITING_APPROVAL') return decision;
    return { ...decision, effects: decision.effects.filter((effect) => !schedules('OrderDeadline', effect)) };
  },
);

const keyOf = (effect: Effect): string => ('key' in effect ? effect.key : '');

/** Restarts the time limit of a compensation with each answer of a busy participant. */
const compensationWithoutLimit = withRule(
  'order',
  (name) => ['RefundPayment', 'CancelShipment'].includes(name),
  (original) => (data, state, context) => {
    const decision = original(data, state, context);
    const { saga } = (decision.kind === 'decided' ? decision.state : {}) as { readonly saga?: SagaLog };
    if (decision.kind !== 'decided' || saga === undefined) return decision;
    const steps = saga.steps.map(({ compensation, ...step }) =>
      compensation?.status === 'WAITING'
        ? { ...step, compensation: { ...compensation, startedAt: context.now } }
        : { ...step, ...(compensation && { compensation }) },
    );
    return { ...decision, state: { ...decision.state, saga: { ...saga, steps } } };
  },
);

/** The saga's clock gives no running step up; waiting and failed steps still go on. */
const stepWithoutLimit = withRule(
  'order',
  (name) => name === 'SagaClock',
  (original) => (data, state, context) => {
    const { saga } = (state ?? {}) as { readonly saga?: SagaLog };
    const runs = saga?.steps.some(({ status, compensation }) => (compensation?.status ?? status) === 'RUNNING');
    return runs ? ignoring() : original(data, state, context);
  },
);

/** Bugs in what has to happen after some time. */
export const TIMER_BUGS: Readonly<Record<string, () => PlantedBug>> = {
  ...ofEvery('timer', FORMS),
  ...ofEvery('call', CALL_FORMS),
  'the deadline rests for ever while an approval is awaited': () => ({ table: deadlineWithdrawn }),
  'the deadline does not begin anew behind an approval': () => ({ table: deadlineNotRenewed }),
  'a busy compensation is waited for without limit': () => ({ table: compensationWithoutLimit }),
  'a step runs without limit': () => ({ table: stepWithoutLimit }),
};
