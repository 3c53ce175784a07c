import type { LoggedStep, Reading, SagaDetail } from '../../../../../src/contract/index.ts';
import type { Hop } from './hops.ts';
import { isBack } from './hops.ts';
import type { Occurrence, Occurrences } from './occurrences.ts';

/** One question of the orchestrator: when it was asked, of whom, and the event that came of it. */
export interface Ask {
  readonly id: string;
  readonly at: number;
  readonly service: string;
  readonly name: string;
  /** Null: it waits for the answer. */
  readonly answer: Occurrence | null;
  readonly back: boolean;
}

/** Who orchestrates: the service that said the first event. */
export const orchestratorOf = (detail: SagaDetail): string =>
  detail.events[0]?.service ?? detail.lanes[0]?.service ?? '';

/** What the orchestrator's log tells it asked, by time. */
export function asksOf(detail: SagaDetail, found: Occurrences): readonly Ask[] {
  const owner = orchestratorOf(detail);
  const logged = (detail.log?.steps ?? []).flatMap((step) => [
    { step: step as Omit<LoggedStep, 'compensation'>, undo: false },
    ...(step.compensation === null ? [] : [{ step: step.compensation, undo: true }]),
  ]);
  const claimed = new Set<string>();
  // It asks once its first event stands, whatever its log says of the moment.
  const begun = found.past.find((one) => one.service === owner && !one.minor)?.at ?? 0;
  return logged
    .flatMap(({ step, undo }) =>
      step.startedAt === null || step.service === null || step.service === owner
        ? []
        : [{ step, undo, service: step.service, at: Math.max(begun, Date.parse(step.startedAt)) }],
    )
    .sort((a, b) => a.at - b.at)
    .map(({ step, undo, service, at }) => {
      const until = step.endedAt === null ? Number.POSITIVE_INFINITY : Date.parse(step.endedAt);
      const answer =
        found.past.find(
          (one) =>
            !one.minor &&
            one.service === service &&
            !claimed.has(one.id) &&
            one.at !== null &&
            one.at >= at &&
            one.at <= until,
        ) ?? null;
      if (answer !== null) {
        claimed.add(answer.id);
      }
      return {
        id: `ask/${step.id}/${undo ? 'undo' : 'do'}`,
        at,
        service,
        name: step.name,
        answer,
        back: undo || (isBack(answer ?? undefined) && undo),
      };
    })
    .filter((ask) => ask.answer !== null || detail.endedAt === null);
}

/** Readings that are drawn although the saga is orchestrated: of those who are not asked, such as who tells the customer. */
export function readingsBesides(detail: SagaDetail): readonly Reading[] {
  const asked = new Set([orchestratorOf(detail), ...(detail.log?.steps ?? []).map((step) => step.service)]);
  return detail.readings.filter((reading) => !asked.has(reading.service));
}

/** Asks as hops from the orchestrator's lane. One without an answer leads to what is owed there. */
export const askHops = (asks: readonly Ask[], owner: string, detail: SagaDetail): readonly Hop[] =>
  asks.map((ask) => ({
    id: `hop/${ask.id}`,
    from: ask.id,
    fromService: owner,
    toService: ask.service,
    to: ask.answer?.id ?? null,
    wire: ask.back ? 'ask-back' : 'ask',
    reading: null,
    owed:
      ask.answer === null
        ? (detail.steps.find(
            (step) => step.eventId === null && step.service === ask.service && step.state !== 'skipped',
          ) ?? null)
        : null,
    waitsIn: ask.answer === null ? 'handler' : null,
    work: null,
  }));
