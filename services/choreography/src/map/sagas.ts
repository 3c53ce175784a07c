import type { AnyTable } from '@troupe/chassis/internal';
import type { MapSaga, MapStep } from './choreography.ts';

type Step = AnyTable['sagas'][number]['steps'][number];
type Action = Step['action'];

/** The sagas that a table orchestrates, with every version that it still knows. */
export const sagasOf = ({ service, sagas }: AnyTable): MapSaga[] =>
  sagas.map(({ name, version, steps }) => ({ name, version, service, steps: steps.map(mapStep) }));

function mapStep({ name, action, compensation }: Step): MapStep {
  const undone = compensation && { compensation: mapAction(`undo ${name}`, compensation) };
  return { ...mapAction(name, action), ...undone };
}

function mapAction(name: string, action: Action): MapStep {
  if (!('call' in action)) return { name, emits: action.emits.map(({ messageName }) => messageName) };
  const { call, asks, limits } = action;
  return { name, asks: { call: call.messageName, ...asks }, emits: [], withinMs: limits.withinMs };
}
