import type { AnyEventType } from '@troupe/schemas';
import type { Answered, AnyTaskType } from '../messages.ts';
import { behaviourOf, type Reaction } from '../reactions.ts';
import {
  type AnyLocalStep,
  type AnyRemoteStep,
  type AnyStep,
  callOf,
  isRemoteStep,
  remoteStepsOf,
  type Sagas,
  type StepAnswer,
  type Tried,
} from './definition.ts';
import { CompensateSaga, type OfSaga, ResolveSaga, RetrySaga, SagaClock, type SagaWord } from './messages.ts';
import type { Orchestrator } from './orchestrator.ts';

type State<S> = S | undefined;
/** What a row may say. */
export type Says = Pick<Reaction<never>, 'emits' | 'starts'>;

/** The rows of a reaction table that orchestrate sagas: an answer to each ask, the clock, and what operators say. */
export function orchestrated<S>(sagas: Sagas<S>, orchestrator: Orchestrator<S>): readonly Reaction<State<S>>[] {
  const any = union(
    sagas.all.flatMap(({ steps }) => steps.map((_, at) => union([onwards(steps, at), backwards(steps, at)]))),
  );
  const rows = [
    ...answers(sagas, orchestrator),
    row(SagaClock, any, (_, subject: State<S>, { now }) => orchestrator.clock(subject, now)),
    row(RetrySaga, any, ({ sagaId }: OfSaga, subject: State<S>, { now }) => orchestrator.retry(subject, sagaId, now)),
    row(CompensateSaga, any, (word: SagaWord, subject: State<S>, { now }) =>
      orchestrator.compensate(subject, word, now),
    ),
    row(ResolveSaga, any, (word: SagaWord, subject: State<S>, { now }) => orchestrator.resolve(subject, word, now)),
  ];
  return rows.map((each) => ({ ...each, byStyle: { orchestrated: behaviourOf(each) }, orchestrates: sagas.all }));
}

/** What the beginning of a saga may say: the row that begins it lists it. */
export const beginning = <S>({ current }: Sagas<S>): Says => onwards(current.steps, 0);

/**
 * What an orchestrator that is woken may say: it asks again. It says no last word, since whatever it asks again is not undone
 * yet.
 */
export const waking = <S>({ all }: Sagas<S>): Says => ({
  emits: [],
  starts: [...new Set([...all.flatMap(({ steps }) => remoteStepsOf(steps).map(({ call }) => call)), SagaClock])],
});

/** What an orchestrator may say that turns a saga back: whatever undoes a step. */
export const turningBack = <S>({ all }: Sagas<S>): Says =>
  union(all.map(({ steps }) => backwards(steps, steps.length - 1)));

function answers<S>(sagas: Sagas<S>, orchestrator: Orchestrator<S>): readonly Reaction<State<S>>[] {
  const says = new Map<string, { readonly ask: AnyRemoteStep<S>; readonly may: Says }>();
  const add = (action: AnyRemoteStep<S> | AnyLocalStep<S> | undefined, may: Says): void => {
    if (action === undefined || !isRemoteStep(action)) return;
    const name = action.call.messageName;
    const own: Says = { emits: [], starts: action.starts ?? [] };
    says.set(name, { ask: action, may: union([may, own, ...(says.has(name) ? [says.get(name)?.may as Says] : [])]) });
  };
  for (const { steps } of sagas.all) {
    for (const [at, { action, compensation }] of steps.entries()) {
      add(action, union([onwards(steps, at + 1), backwards(steps, at)]));
      add(compensation, backwards(steps, at - 1));
    }
  }
  return [...says].map(([call, { ask, may }]) => ({
    ...row(ask.call, may, ({ outcome: answer }: Answered<unknown, Tried<StepAnswer>>, subject: State<S>, { now }) =>
      orchestrator.answered(subject, { call, answer, now }),
    ),
    within: ask.limits.withinMs,
  }));
}

/** What is said when a saga goes on from a step: what its own service does up to the next ask, and that ask. */
function onwards<S>(steps: readonly AnyStep<S>[], from: number): Says {
  const rest = steps.slice(from);
  const next = rest.findIndex(({ action }) => isRemoteStep(action));
  return saysOf((next < 0 ? rest : rest.slice(0, next + 1)).map(({ action }) => action));
}

/**
 * What may be said when it goes back from a step: all that undoes what was done before it. In a later round some of
 * that is undone already. The step itself is undone when its end is not known.
 */
function backwards<S>(steps: readonly AnyStep<S>[], from: number): Says {
  const before = steps.slice(0, from + 1).reverse();
  return saysOf(before.flatMap(({ compensation }) => (compensation === undefined ? [] : [compensation])));
}

function saysOf<S>(actions: readonly (AnyRemoteStep<S> | AnyLocalStep<S>)[]): Says {
  const starts = actions.flatMap((action) => callOf(action) ?? []);
  const emits = actions.flatMap((action) => (isRemoteStep(action) ? [] : action.emits));
  return { emits, starts: [...starts, SagaClock] };
}

function union(all: readonly Says[]): Says {
  const emits = new Set<AnyEventType>(all.flatMap((says) => says.emits));
  const starts = new Set<AnyTaskType>(all.flatMap((says) => says.starts));
  return { emits: [...emits], starts: [...starts] };
}

function row<S, Data>(
  hears: unknown,
  { emits, starts }: Says,
  react: (
    data: Data,
    subject: State<S>,
    context: Parameters<Reaction<State<S>>['react']>[2],
  ) => ReturnType<Reaction<State<S>>['react']>,
): Reaction<State<S>> {
  const heard = hears as Reaction<State<S>>['hears'];
  return { hears: heard, emits, starts, within: undefined, react: react as Reaction<State<S>>['react'] };
}
