import { type CommandDecision, cancel, type Effect, type SagaLog } from '@troupe/chassis';
import { tables } from '../business/cast.ts';
import type { AnyTable } from '../machine/service.ts';
import type { Planted } from './bugs.ts';

type React = NonNullable<ReturnType<AnyTable['find']>>['react'];
type Rule = (sound: React) => React;
type Decided = Extract<CommandDecision<unknown>, { kind: 'decided' }>;

/** A service with another rule for some of its messages. */
export function ruled(service: string, hears: (message: string) => boolean, rule: Rule) {
  return (table: AnyTable): AnyTable => {
    if (table.service !== service) return table;
    return {
      ...table,
      find: (name) => {
        const sound = table.find(name);
        return sound === undefined || !hears(name) ? sound : { ...sound, react: rule(sound.react) };
      },
    };
  };
}

export const deaf = () => ({ kind: 'ignored' as const, reason: 'planted' });

/** A service whose decisions are changed before they are carried out. */
const saying = (service: string, change: (decision: Decided) => Decided) =>
  ruled(
    service,
    () => true,
    (sound) => (data, state, context) => {
      const decision = sound(data, state, context);
      return decision.kind === 'decided' ? change(decision) : decision;
    },
  );

const effectsOf = (service: string, change: (effect: Effect) => readonly Effect[]) =>
  saying(service, (decision) => ({ ...decision, effects: decision.effects.flatMap(change) }));

const sets = (timer: string, effect: Effect) => 'kind' in effect && effect.kind === 'task' && effect.type === timer;

/** What can be wrong with a timer, whichever it is. */
const FORMS: Readonly<Record<string, (service: string, timer: string) => Planted['table']>> = {
  'is ignored': (service, timer) =>
    ruled(
      service,
      (name) => name === timer,
      () => deaf,
    ),
  'is never set': (service, timer) => effectsOf(service, (effect) => (sets(timer, effect) ? [] : [effect])),
  'goes off at once': (service, timer) =>
    effectsOf(service, (effect) => [sets(timer, effect) ? { ...effect, delayMs: 0 } : effect]),
};

/** What can be wrong with a call, whichever it is. */
const CALL_FORMS: typeof FORMS = {
  'has its answer ignored': FORMS['is ignored'] as (typeof FORMS)[string],
};

/** Each form for each timer, or call, of each table: one that is new has to be watched, or its bug is not found. */
function ofEvery(wanted: 'timer' | 'call', forms: typeof FORMS): Readonly<Record<string, () => Planted>> {
  const found = tables.flatMap(({ service, reactions }) =>
    reactions.flatMap(({ hears: { kind, messageName } }) => (kind === wanted ? [[service, messageName] as const] : [])),
  );
  return Object.fromEntries(
    found.flatMap(([service, name]) =>
      Object.entries(forms).map(([form, plant]) => [`${name} ${form}`, () => ({ table: plant(service, name) })]),
    ),
  );
}

/** The order's deadline is taken back for good when an approval is awaited: payment alone could then end the order. */
const restsForEver = saying('order', (decision) => {
  const { state } = (decision.state ?? {}) as { readonly state?: { readonly standing: { readonly status: string } } };
  if (state?.standing.status !== 'AWAITING_APPROVAL') return decision;
  const change = (effect: Effect) =>
    sets('OrderDeadline', effect) ? cancel({ messageName: 'OrderDeadline' }, keyOf(effect)) : effect;
  return { ...decision, effects: decision.effects.map(change) };
});

/** Nor does it begin anew when what was approved is paid: what is away from then on is waited for until the approval is over. */
const notAnew = ruled(
  'order',
  (name) => name === 'PaymentCompleted' || name === 'ChargePayment',
  (sound) => (data, state, context) => {
    const decision = sound(data, state, context);
    const { state: before } = (state ?? {}) as { readonly state?: { readonly standing: { readonly status: string } } };
    if (decision.kind !== 'decided' || before?.standing.status !== 'AWAITING_APPROVAL') return decision;
    return { ...decision, effects: decision.effects.filter((effect) => !sets('OrderDeadline', effect)) };
  },
);

const keyOf = (effect: Effect): string => ('key' in effect ? effect.key : '');

/** Undoing takes as long as it takes: each word of a participant that is busy begins its time anew. */
const busyForEver = ruled(
  'order',
  (name) => ['RefundPayment', 'CancelShipment'].includes(name),
  (sound) => (data, state, context) => {
    const decision = sound(data, state, context);
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

/** A step that runs is never given up by the clock; what waits and what failed still goes on. */
const noLimit = ruled(
  'order',
  (name) => name === 'SagaClock',
  (sound) => (data, state, context) => {
    const { saga } = (state ?? {}) as { readonly saga?: SagaLog };
    const runs = saga?.steps.some(({ status, compensation }) => (compensation?.status ?? status) === 'RUNNING');
    return runs ? deaf() : sound(data, state, context);
  },
);

/** Bugs in what has to happen by itself after some time. */
export const TIMER_BUGS: Readonly<Record<string, () => Planted>> = {
  ...ofEvery('timer', FORMS),
  ...ofEvery('call', CALL_FORMS),
  'the deadline rests for ever while an approval is awaited': () => ({ table: restsForEver }),
  'the deadline does not begin anew behind an approval': () => ({ table: notAnew }),
  'a busy compensation is waited for without limit': () => ({ table: busyForEver }),
  'a step runs without limit': () => ({ table: noLimit }),
};
