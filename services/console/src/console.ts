import { ClusterLook, type Projection, type ProjectionContext, type ProjectionDefinition } from '@troupe/chassis';
import { type Prisma, PrismaClient } from '@troupe/console-database';
import { serviceNames } from '@troupe/services';
import { liveRoute } from './api/live.ts';
import { MapPast, NOTED_EVERY_MS } from './api/map/past.ts';
import { liveMap } from './api/map/routes.ts';
import { standsNow } from './api/map/stood.ts';
import { operationRoutes } from './api/operations.ts';
import { OpenCounters } from './api/overview/open-counters.ts';
import { behindOf, overviewOf, overviewRoute } from './api/overview/overview.ts';
import { recordsRoute } from './api/records.ts';
import { sagaDetail } from './api/saga/detail.ts';
import { sagaRoute } from './api/saga/route.ts';
import { summariesOf } from './api/saga-rows.ts';
import { sagasRoute } from './api/sagas.ts';
import { searchRoute } from './api/search.ts';
import { servicesView } from './api/services/services-view.ts';
import { traceRoute } from './api/trace.ts';
import { tryingRoutes } from './api/trying.ts';
import { Asking } from './asking/asking.ts';
import { rounds } from './asking/rounds.ts';
import { askedPartners, askedServices } from './asking/services.ts';
import { Board } from './board/board.ts';
import { readChoreography } from './choreography.ts';
import type { Judgement } from './live/judgements.ts';
import { Live } from './live/live.ts';
import { page } from './page/page.ts';
import { Changes } from './reading/changes.ts';
import { ListedSagas } from './reading/listed-sagas.ts';
import { ReadingMeter } from './reading/meter.ts';
import { OpenSagasFeed } from './reading/open-sagas.ts';
import { projecting, projectRows } from './reading/project.ts';
import { reducedRecord } from './reading/record-of.ts';
import { Retention } from './reading/retention.ts';
import { summarize } from './saga/summary/summarize.ts';
import { type ConsoleConfig, consoleSettings } from './settings.ts';
import { findRecords } from './store/records.ts';
import { Tracing } from './tracing/tracing.ts';
import { Lab } from './trying/lab.ts';

const NAME = 'console';
/** The traffic of a live map is that of the last minute. */
const MAP_WINDOW_S = 60;
/** How often each open saga is judged. */
const JUDGE_MS = 1_000;

/** The console: hears everything, says nothing, and shows each saga whole. */
export const consoleService: ProjectionDefinition<Prisma.TransactionClient, PrismaClient, typeof consoleSettings> = {
  name: NAME,
  settings: consoleSettings,
  topics: serviceNames.flatMap((service) => [`${service}.events`, `${service}.dlq`]),
  // Nobody waits for a list as for an order: what comes in a twentieth of a second is one fetch and one transaction.
  pauseBetweenFetchesMs: 50,
  database: (adapter) => new PrismaClient({ adapter, errorFormat: 'minimal' }),
  open: openConsole,
};

function openConsole(context: ProjectionContext<PrismaClient, ConsoleConfig>): Projection {
  const { database: sql, transactions, config, read, kafka, readiness, log } = context;
  const now = Date.now;
  const choreography = readChoreography();
  const changes = new Changes();
  const changed = changes.committed.bind(changes);
  const projection = { transactions, choreography, summarize, read, changed, log };
  const open = new Board(choreography);
  const feed = new OpenSagasFeed({ sql, changes, target: open, readiness, log });
  const listed = new ListedSagas({ sql, changes, target: open, log });
  const services = askedServices(config);
  const asking = new Asking({
    services,
    partners: askedPartners(config),
    choreography,
    cluster: new ClusterLook(kafka),
    registryUrl: config.registryUrl,
    topicPrefix: config.topicPrefix,
    ownGroup: `${config.topicPrefix}${NAME}`,
  });
  const tracing = new Tracing({
    database: sql,
    retentionMs: config.spanRetentionMs,
    kept: config.spansKept,
    forwardUrl: config.spansForwardUrl,
    log,
  });
  const lab = new Lab({ url: config.labUrl, token: config.labToken, database: sql });
  const lists = { sql, open, now };
  const counters = new OpenCounters();
  const judging = rounds(JUDGE_MS, async () => {
    const facts = asking.facts();
    open.look(facts, now());
    void listed.look(facts);
    counters.look(open.judged(), now());
  });
  const meter = new ReadingMeter(changes, now);
  const overview = overviewOf({ sql, board: open, counters, asking, meter, feed, now });
  const { recordRetentionMs: ageMs, recordRetentionBytes: bytes } = config;
  const retention = new Retention({ sql, ageMs, bytes, log });
  const tracedOf = (orderId: string) => tracing.messagesOf(orderId);
  const saga = { sql, choreography, asking, tracedOf, links: config, now };
  const reading = () => ({ behind: behindOf({ asking, meter }), newestAt: meter.newestAt });
  const past = new MapPast();
  const operations = {
    asking,
    choreography,
    ...lists,
    past,
    reading,
    lab: () => lab.switchedOn(),
    labActs: () => lab.acts(),
  };
  const map = liveMap(operations);
  const noting = rounds(NOTED_EVERY_MS, async () => past.note(await standsNow(operations)));
  const live = new Live(
    {
      overview,
      services: async () => servicesView(operations),
      map: () => map(MAP_WINDOW_S),
      saga: (orderId) => sagaDetail(saga, orderId),
      latest: async (topics, limit) => (await findRecords(sql, { topics }, { after: undefined, limit })).records,
      judged: () => judgements(open),
    },
    log,
  );
  changes.listen((committed) => live.committed(committed));
  tracing.listen((orderIds) => live.changed(orderIds));
  return {
    project: projecting(projection),
    projectReduced: (record, failure) => projectRows(projection, [reducedRecord(record, failure)]),
    routes: [
      overviewRoute(overview),
      sagasRoute(lists),
      sagaRoute(saga),
      searchRoute(lists),
      recordsRoute(sql),
      traceRoute({ tracing, traceIdOf: async (id) => (await summariesOf(sql, [id]))[0]?.traceId ?? null }),
      liveRoute(live),
      ...operationRoutes(operations),
      ...tryingRoutes({
        orderUrl: services.find(({ name }) => name === 'order')?.url ?? '',
        lab,
        newestOpen: () => newestOf(open),
      }),
    ],
    mounted: [tracing.receiver, { path: '/', handler: page() }],
    background: [feed, asking, judging, noting, retention, { start: () => undefined, stop: () => tracing.stop() }],
  };
}

function* judgements(open: Board): Iterable<Judgement> {
  for (const { summary, diagnosis } of open.judged())
    yield { orderId: summary.orderId, cause: diagnosis?.causeKey ?? null };
}

/** The saga that was placed last and is not over. */
function newestOf(open: Board): string | undefined {
  let newest: { readonly orderId: string; readonly placedAt: string } | undefined;
  for (const { summary } of open.judged())
    if (newest === undefined || summary.placedAt > newest.placedAt) newest = summary;
  return newest?.orderId;
}
