import { type Check, check } from './expectation.ts';

/** The log of a saga that has an orchestrator, as `GET /sagas/<id>` shows it. */
export interface SagaView {
  readonly sagaId: string;
  readonly status: string;
  readonly cause?: { readonly code: string; readonly step?: string };
  readonly steps: readonly SagaStep[];
}

interface SagaStep {
  readonly name: string;
  readonly status: string;
  readonly attempts: number;
  readonly compensation?: SagaCompensation;
}
interface SagaCompensation {
  readonly status: string;
  readonly attempts: number;
  readonly startedAt: string;
}

/** How the saga of an order must end: with everything done, or with everything undone that was done, the last step first. */
export function sagaChecks(orderStatus: string, { status, steps }: SagaView): Check[] {
  if (orderStatus === 'CONFIRMED') return [check('saga', 'COMPLETED', status)];
  const done = steps.filter((step) => step.status === 'DONE' || step.status === 'UNKNOWN').map(({ name }) => name);
  return [
    check('saga', 'FAILED', status),
    check('steps undone', namesOf(done.toReversed()), namesOf(undone(steps).map(({ name }) => name))),
  ];
}

/** Where the saga can be looked at, and what is seen there. */
export function sagaLines({ sagaId, status, cause, steps }: SagaView): string[] {
  const at = cause?.step === undefined ? '' : ` at ${cause.step}`;
  const why = cause === undefined ? '' : ` (${cause.code}${at})`;
  const texts = steps.filter((step) => step.status !== 'PENDING').map(stepText);
  const back = undone(steps).map(({ name, compensation }) => `${name}${tries(compensation)}`);
  return [
    `GET /sagas/${sagaId} → ${status}${why}`,
    `  ${texts.join(', ')}${back.length === 0 ? '' : `; undone: ${back.join(', ')}`}`,
  ];
}

type Undone = SagaStep & { readonly compensation: SagaCompensation };

/** In the order in which they were undone; of two in the same millisecond, the later step first. */
function undone(steps: readonly SagaStep[]): Undone[] {
  return steps
    .filter((step): step is Undone => ['DONE', 'RESOLVED'].includes(step.compensation?.status ?? ''))
    .toReversed()
    .sort((a, b) => Date.parse(a.compensation.startedAt) - Date.parse(b.compensation.startedAt));
}

function stepText(step: SagaStep): string {
  return step.status === 'DONE' ? `${step.name}${tries(step)}` : `${step.name} ${step.status}${tries(step)}`;
}

const tries = ({ attempts }: { readonly attempts: number }): string => (attempts > 1 ? ` (${attempts} attempts)` : '');
const namesOf = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));
