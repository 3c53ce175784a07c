import type { Choreography } from '@troupe/choreography/graph';
import type { Reading, SagaDetail } from '../../../../src/contract/index.ts';
import { fold } from '../../../../src/saga/fold/fold.ts';
import type { SagaInput, ServiceAnswer } from '../../../../src/saga/input.ts';

/** The saga folded again by the server's own rules, with an earlier now: what was owed then is what the tables say. */
export function foldThen(detail: SagaDetail, choreography: Choreography, at: number): SagaDetail {
  const then = fold(inputOf(detail, choreography, at));
  return {
    ...then,
    customerId: detail.customerId,
    total: detail.total,
    items: detail.items,
    placedAt: detail.placedAt,
    lanes: detail.lanes,
    readings: then.readings.map((reading) => ({ ...reading, ...measuredOf(reading, detail, at) })),
  };
}

/** What was measured of a reading stays as it was measured: the rules know its moments alone. */
function measuredOf(reading: Reading, detail: SagaDetail, at: number): Partial<Reading> {
  const known = detail.readings.find((one) => one.eventId === reading.eventId && one.service === reading.service);
  if (known === undefined) {
    return {};
  }
  const duplicates = known.duplicates.filter((moment) => Date.parse(moment) <= at);
  return known.state === reading.state ? { duplicates, seams: known.seams } : { duplicates };
}

function inputOf(detail: SagaDetail, choreography: Choreography, at: number): SagaInput {
  return {
    orderId: detail.orderId,
    choreography,
    events: detail.events,
    answers: detail.lanes.map(({ service }) => answerOf(detail, service, at)),
    handled: [],
    sent: detail.readings.flatMap((reading) => sentOf(reading, detail)),
    facts: {
      at: new Date(at).toISOString(),
      broker: { awaySince: null, reason: null },
      registry: { awaySince: null, reason: null },
      services: {},
    },
    log: detail.log === null ? null : logThen(detail.log, at),
    gaps: detail.gaps,
    links: detail.links,
    now: at,
  };
}

/** When a record could be read, as far as it was measured for one of its readers. */
function sentOf({ eventId, seams: { brokerMs } }: Reading, { events }: SagaDetail): SagaInput['sent'] {
  const event = events.find(({ id }) => id === eventId);
  if (event === undefined || brokerMs === null) return [];
  return [{ eventId, topic: event.topic, endedAt: new Date(Date.parse(event.publishedAt) + brokerMs).toISOString() }];
}

/** What the service would have said of it then. When it took an event in is known where it said so. */
function answerOf(detail: SagaDetail, service: string, at: number): ServiceAnswer {
  const isPast = (moment: string | null): boolean => moment !== null && Date.parse(moment) <= at;
  const received = detail.readings
    .filter((reading) => reading.service === service && isPast(reading.at) && reading.state !== 'working')
    .map((reading) => ({
      eventId: reading.eventId,
      at: reading.at ?? detail.placedAt,
      ignoredBecause: reading.state === 'ignored' ? (reading.reason ?? 'ignored') : null,
    }));
  return {
    service,
    received,
    work: detail.work.filter((work) => work.service === service && isPast(work.since)),
    setAside: detail.setAside.filter((letter) => letter.service === service && isPast(letter.since)),
    unpublished: [],
  };
}

/** The log of an orchestrated saga as far as it had been written. */
export function logThen(log: NonNullable<SagaDetail['log']>, at: number): NonNullable<SagaDetail['log']> {
  const isPast = (moment: string | null): boolean => moment !== null && Date.parse(moment) <= at;
  const then = <S extends { readonly endedAt: string | null }>(step: S): S =>
    isPast(step.endedAt) ? step : { ...step, endedAt: null };
  return {
    ...log,
    steps: log.steps
      .filter((step) => isPast(step.startedAt))
      .map((step) => ({
        ...then(step),
        compensation:
          step.compensation !== null && isPast(step.compensation.startedAt) ? then(step.compensation) : null,
      })),
  };
}
