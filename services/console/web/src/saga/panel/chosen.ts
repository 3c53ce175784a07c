import type { SagaDetail, SagaEvent, Step } from '../../../../src/contract/index.ts';
import type { MarkKind } from '../layout/scene/scene.ts';

/** What a chosen mark is about. */
export interface Chosen {
  readonly kind: MarkKind;
  readonly title: string;
  readonly service: string;
  readonly event: SagaEvent | null;
  readonly step: Step | undefined;
}

/** By the id of a mark: a step, an event, or `<event id>/<reader>` for what a reader made of it. */
export function chosenOf(detail: SagaDetail, id: string): Chosen | null {
  const step = detail.steps.find((one) => one.id === id) ?? detail.steps.find((one) => one.eventId === id);
  if (step !== undefined) {
    const event = detail.events.find((one) => one.id === step.eventId) ?? null;
    return { kind: step.state, title: step.event, service: step.service, event, step };
  }
  const event = detail.events.find((one) => one.id === id) ?? detail.events.find((one) => id.startsWith(`${one.id}/`));
  if (event === undefined) {
    return null;
  }
  const of = detail.steps.find((one) => one.eventId === event.id);
  return { kind: of?.state ?? 'done', title: event.type, service: event.service, event, step: of };
}
