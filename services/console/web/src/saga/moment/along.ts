import type { SagaDetail } from '../../../../src/contract/index.ts';
import { occurrencesOf } from '../layout/marks/occurrences.ts';

/** The marks of a saga in the order of the drawing, for the arrow keys. */
export function inOrder(detail: SagaDetail): readonly string[] {
  const { past, owed } = occurrencesOf(detail, true);
  return [...past.filter((one) => !one.minor), ...owed].map((one) => one.id);
}

/** Left and right: by time. Without a chosen mark: the last that happened. */
export function beside(detail: SagaDetail, chosen: string | null, way: 1 | -1): string | null {
  const order = inOrder(detail);
  const at = order.indexOf(chosen ?? '');
  if (at === -1) {
    const last = detail.steps.findLast((step) => step.eventId !== null);
    return last?.id ?? order[0] ?? null;
  }
  return order[at + way] ?? chosen;
}

/** Up: the cause. Down: the first that it caused. */
export function alongCause(detail: SagaDetail, chosen: string | null, way: 'cause' | 'effect'): string | null {
  const step = detail.steps.find((one) => one.id === chosen);
  if (step === undefined) {
    return beside(detail, chosen, 1);
  }
  const found =
    way === 'cause'
      ? detail.steps.find((one) => one.id === step.after)
      : detail.steps.find((one) => one.after === step.id);
  return found?.id ?? chosen;
}
