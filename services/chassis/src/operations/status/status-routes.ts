import { hostname } from 'node:os';
import { pid } from 'node:process';
import { z } from 'zod';
import { id } from '../../http/input/fields.ts';
import { get, type QueryRoute, type Route } from '../../http/route.ts';
import { isId } from '../../rules/id-spelling.ts';
import { lookAtProgress } from '../../tables/progress.ts';
import { databaseLook, type Look } from './database-look.ts';
import { processStatus } from './process-status.ts';
import { namesOf, type StatusSources } from './sources.ts';
import { progressView, statusView } from './status-view.ts';

/** In one request, so that its address has a bound. */
const MOST_EVENTS = 200;

/** For a poller: how this service stands, and how far one saga has come in it. Both only read. */
export const statusRoutes = (sources: StatusSources): readonly Route<never>[] => [
  statusRoute(sources),
  progressRoute(sources),
];

function statusRoute(sources: StatusSources): QueryRoute {
  const { version, table, readiness, calls, messaging } = sources;
  const instance = { id: `${hostname()}:${pid}`, host: hostname(), pid };
  const startedAt = new Date();
  const look = databaseLook(sources);
  return get('/status', {
    summary:
      'How this service stands: readiness with its reasons, outbox, relay, circuits, what waits. Cheap enough to be asked each second',
    response: statusView,
    async handle() {
      const [found, process] = await Promise.all([look(), processStatus()]);
      const { groupId, topics } = messaging;
      return {
        status: 200,
        body: {
          service: table.service,
          version,
          instance,
          startedAt,
          now: new Date(),
          sagaField: table.sagaField,
          ready: readiness.ready,
          reasons: readiness.parts,
          consumer: { group: groupId, topics, ...messaging.consumer() },
          relay: relayStatus(sources, found, startedAt),
          circuits: calls.circuits,
          stored: found === undefined ? null : storedOf(found),
          process,
        },
      };
    },
  });
}

function relayStatus({ messaging }: StatusSources, found: Look | undefined, startedAt: Date) {
  const { kind, standing } = messaging.relay();
  const { state, since, reason } = standing ?? {
    state: kind === 'none' ? 'elsewhere' : 'starting',
    since: startedAt,
    reason: '',
  };
  const { confirmed = null, active = null, retainedBytes = null } = found?.slot ?? {};
  return {
    kind,
    state,
    since,
    reason: reason === '' ? null : reason,
    position: confirmed,
    isRead: active,
    retainedBytes,
  };
}

function storedOf({ outbox, isKnown, refused, waiting, unanswered, lateTimers, letters, letterCounts }: Look) {
  return { outbox: { ...outbox, isKnown, refused, waiting }, unanswered, lateTimers, letters, letterCounts };
}

const eventIds = z
  .string()
  .transform((list) => (list === '' ? [] : list.toLowerCase().split(',')))
  .refine((ids) => ids.length <= MOST_EVENTS && ids.every(isId), {
    message: `must be at most ${MOST_EVENTS} ids, separated by commas`,
  })
  .default([]);

function progressRoute(sources: StatusSources): QueryRoute {
  const { table, database, messaging } = sources;
  const { topics, topicPrefix, published } = messaging;
  const tasks = namesOf(table, ['call', 'timer']);
  const said = [...new Set(table.reactions.flatMap(({ emits }) => emits.map(({ topic }) => `${topicPrefix}${topic}`)))];
  return get('/progress/:sagaId', {
    summary: 'How far one saga has come in this service: what it has taken in, what it is doing, what it holds back',
    params: z.object({ sagaId: id }),
    query: z.object({
      events: eventIds.describe(
        'Ids of events of the saga: it is told which of them were taken in, and what was ignored.',
      ),
    }),
    response: progressView,
    async handle({ params: { sagaId }, query: { events } }) {
      const isPolling = messaging.relay().kind === 'polling';
      const publishedUpTo = isPolling ? '0' : published.upTo;
      const query = { sagaId, eventIds: events, tasks, topics: { heard: topics, said }, publishedUpTo };
      return { status: 200, body: { service: table.service, ...(await lookAtProgress(database, query)) } };
    },
  });
}
