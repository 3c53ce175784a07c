import { type Choreography, eventsCausedBy, type Flow, type MapStep } from '@troupe/choreography/graph';
import type { AskedStep, GoodStep } from './duty.ts';

type Asked = Omit<AskedStep, 'undo'>;

/** The steps of the current definition of an orchestrated saga: the first that the map has. */
export function askedSteps(map: Choreography, flow: Flow): readonly AskedStep[] {
  const [saga] = map.sagas;
  if (saga === undefined) return [];
  return saga.steps.map((step): AskedStep => {
    const asked = askedOf(flow, step, saga.service);
    if (step.compensation === undefined) return { ...asked, undo: null };
    const undo = askedOf(flow, step.compensation, saga.service);
    const effect =
      asked.oneOf.find((name) => undo.mayCause.has(flow.event(name)?.undoneBy ?? '')) ?? asked.oneOf[0] ?? '';
    const back = flow.event(effect)?.undoneBy ?? undo.oneOf[0] ?? '';
    return {
      ...asked,
      oneOf: firstly(asked.oneOf, effect),
      undo: { ...undo, oneOf: firstly(undo.oneOf, back), effect },
    };
  });
}

export const goodStepsAsked = (steps: readonly AskedStep[]): readonly GoodStep[] =>
  steps.map(({ service, oneOf, name }) => ({ service, event: oneOf[0] ?? '', hears: name }));

function askedOf(flow: Flow, { name, asks, emits, withinMs }: MapStep, orchestrator: string): Asked {
  const by = { name, orchestrator, withinMs: withinMs ?? null };
  if (asks?.service === undefined || asks.command === undefined) {
    return { ...by, service: orchestrator, call: asks?.call ?? null, oneOf: emits, mayCause: new Set(emits) };
  }
  const rows = flow.hearing({ kind: 'command', name: asks.command, service: asks.service });
  const said = rows.flatMap((row) => [
    ...flow
      .said(row)
      .flatMap((call) => (call.kind === 'call' ? flow.hearing(call).flatMap((answer) => answer.emits) : [])),
    ...row.emits,
  ]);
  const mayCause = rows.flatMap((row) => eventsCausedBy(flow, row).map((event) => event.name));
  return { ...by, service: asks.service, call: asks.call, oneOf: [...new Set(said)], mayCause: new Set(mayCause) };
}

const firstly = (names: readonly string[], first: string): readonly string[] => [
  ...names.filter((name) => name === first),
  ...names.filter((name) => name !== first),
];
