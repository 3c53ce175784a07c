import type { Choreography } from '@troupe/choreography/graph';
import type { SagaDetail } from '../../contract/saga.ts';
import type { Facts, ServiceAnswer } from '../input.ts';
import { fold } from './fold.ts';

/**
 * A saga as it was at a moment, from what is known of it now: for the slider. Nothing is asked again. What it had not heard by
 * then it had not heard; how the services stood then nobody has written down, so there is no diagnosis, and lanes have no note.
 */
export function asOf(saga: SagaDetail, choreography: Choreography, now: number): SagaDetail {
  const folded = fold({
    orderId: saga.orderId,
    choreography,
    events: saga.events.filter(({ inOutbox }) => inOutbox === undefined),
    answers: answersOf(saga),
    handled: handledOf(saga),
    facts: NOTHING_KNOWN,
    log: saga.log,
    links: saga.links,
    gaps: saga.gaps,
    now,
  });
  return { ...folded, lanes: saga.lanes.map(({ service }) => ({ service, tone: 'ok', text: '' })) };
}

const NEVER = new Date(0).toISOString();
const NOTHING_KNOWN: Facts = {
  at: NEVER,
  broker: { awaySince: null, reason: null },
  registry: { awaySince: null, reason: null },
  services: {},
};

/** What each service had taken in by when, as the readings say. */
function answersOf({ readings, work, setAside }: SagaDetail): readonly ServiceAnswer[] {
  const services = new Set([...readings, ...work, ...setAside].map(({ service }) => service));
  return [...services].map((service) => ({
    service,
    received: readings.flatMap((reading) =>
      reading.service !== service || reading.at === null
        ? []
        : [
            {
              eventId: reading.eventId,
              at: reading.at,
              ignoredBecause: reading.state === 'ignored' ? reading.reason : null,
            },
          ],
    ),
    work: work.filter((one) => one.service === service),
    setAside: setAside.filter((one) => one.service === service),
    unpublished: [],
  }));
}

/** When each handler began, as the seams say, so that they stay as they are. */
function handledOf({ readings, events }: SagaDetail) {
  const published = new Map(events.map(({ id, publishedAt }) => [id, Date.parse(publishedAt)]));
  return readings.flatMap(({ eventId, service, at, state, reason, seams, duplicates }) => {
    const from = published.get(eventId);
    const dropped = duplicates.map((moment) => ({
      service,
      eventId,
      startedAt: moment,
      endedAt: moment,
      outcome: 'duplicate',
      reason: null,
    }));
    if (from === undefined || seams.waitMs === null || seams.handlerMs === null) return dropped;
    const startedAt = new Date(from + seams.waitMs).toISOString();
    const outcome = state === 'ignored' ? 'ignored' : 'applied';
    return [{ service, eventId, startedAt, endedAt: at ?? startedAt, outcome, reason }, ...dropped];
  });
}
