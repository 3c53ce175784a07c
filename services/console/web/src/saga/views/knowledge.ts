import type { SagaDetail, Step } from '../../../../src/contract/index.ts';
import { figureOf } from '../../../../src/saga/words.ts';
import { isHandled } from '../layout/marks/occurrences.ts';

/** What one service knows of the saga at a moment. */
export interface Knowledge {
  readonly service: string;
  /** What it said last, and the fact of it. */
  readonly holds: { readonly step: Step; readonly words: string } | null;
  /** Events that it has taken in, oldest first. */
  readonly knows: readonly string[];
  /** What was said to it and it has not taken in, with how long it waits. */
  readonly knowsNot: readonly { readonly event: string; readonly words: string }[];
  readonly owes: readonly Step[];
  readonly work: readonly string[];
}

/** Each service knows what it said and what it has heard, and nothing else: nobody has the whole. */
export function knowledgeOf(detail: SagaDetail): readonly Knowledge[] {
  const now = Date.parse(detail.now);
  const types = new Map(detail.events.map((event) => [event.id, event]));
  return detail.lanes.map(({ service }) => {
    const said = detail.steps.filter((step) => step.service === service && step.eventId !== null);
    const last = said.at(-1);
    const readings = detail.readings.filter((reading) => reading.service === service);
    return {
      service,
      holds: last === undefined ? null : { step: last, words: last.fact },
      knows: readings.filter(isHandled).map((reading) => types.get(reading.eventId)?.type ?? reading.eventId),
      knowsNot: readings
        .filter((reading) => !isHandled(reading))
        .map((reading) => {
          const event = types.get(reading.eventId);
          const words =
            reading.state === 'dead' || reading.state === 'parked'
              ? reading.state === 'dead'
                ? 'a dead letter'
                : 'parked'
              : event === undefined
                ? reading.state
                : `${reading.state === 'working' ? 'at work' : 'waits'} ${figureOf(now - Date.parse(event.at))}`;
          return { event: event?.type ?? reading.eventId, words };
        }),
      owes: detail.steps.filter(
        (step) =>
          step.service === service && step.eventId === null && step.state !== 'skipped' && step.hearsId !== null,
      ),
      work: detail.work
        .filter((work) => work.service === service)
        .map((work) =>
          work.kind === 'timer'
            ? `${work.name} goes off in ${figureOf(Date.parse(work.dueAt) - now)}`
            : `${work.name}, ${work.attempts} ${work.attempts === 1 ? 'try' : 'tries'}`,
        ),
    };
  });
}
