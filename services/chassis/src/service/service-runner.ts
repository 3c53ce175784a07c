import { PrismaPg } from '@prisma/adapter-pg';
import { createCodec, events } from '@troupe/schemas';
import type { z } from 'zod';
import { BatchLoop } from '../batch/batch-loop.ts';
import { RowChanges } from '../batch/changes.ts';
import { batchLoopObserver } from '../batch/observer.ts';
import { rehearse, unitOfWork } from '../batch/unit-of-work/unit-of-work.ts';
import { readConfig } from '../configuration/config.ts';
import { deadLetters } from '../dead-letters/dead-letters.ts';
import { ANYBODY } from '../http/actor.ts';
import { listen } from '../http/server/listen.ts';
import { intake } from '../incoming/intake.ts';
import { unhurried } from '../kafka/consumer/unhurried.ts';
import { operatorDesk } from '../operations/dead-letters/desk.ts';
import { endingRoute } from '../operations/ending.ts';
import { statusRoutes } from '../operations/status/status-routes.ts';
import { StuckMonitors } from '../operations/stuck-monitor.ts';
import { unpublishedRoutes } from '../operations/unpublished-routes.ts';
import { overdueCallsMonitor, waitingRoute } from '../operations/waiting.ts';
import { connections } from '../postgres/connections.ts';
import { statementNames } from '../postgres/statement-names.ts';
import { workConnection } from '../postgres/work-connection.ts';
import { armFailpoint } from '../process/failpoint.ts';
import { Readiness } from '../process/readiness.ts';
import { Pruner } from '../retention/pruner.ts';
import { prunings } from '../retention/prunings.ts';
import type { Database, Sql } from '../rules/database.ts';
import { keptAnswer } from '../tables/idempotency.ts';
import { Calls, noCapacity } from '../tasks/calls.ts';
import { TaskRunner } from '../tasks/task-runner.ts';
import { createLog, type Log } from '../telemetry/log.ts';
import { measureProcess } from '../telemetry/metrics.ts';
import { startTelemetry } from '../telemetry/telemetry.ts';
import type { ServiceDefinition } from './definition.ts';
import { Gate } from './gate.ts';
import { messaging } from './messaging.ts';
import { waitedOut } from './startup.ts';

export interface RunningService {
  /** The port that it really listens on. */
  readonly port: number;
  readonly log: Log;
  /**
   * Takes nothing new; what was taken is committed, the relay publishes what it has, the consumer leaves its group.
   * Safe to call twice.
   */
  stop(): Promise<void>;
}

const VERSION = '0.1.0';

/**
 * Starts the HTTP server, which says what is waited for; then, as soon as the dependencies answer, consumer, relay and
 * tasks. @throws ConfigError with every fault of the environment; Error when the port cannot be listened on.
 */
export async function startService<Row, State, Tx extends Sql, Db extends Database<Tx>, Shape extends z.ZodRawShape>(
  definition: ServiceDefinition<Row, State, Tx, Db, Shape>,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<RunningService> {
  const config = readConfig(definition.settings, env);
  armFailpoint(config.failpoint);
  const table = typeof definition.table === 'function' ? definition.table(config) : definition.table;
  const { service, sagaField } = table;
  const emitted = [...new Set(table.reactions.flatMap(({ emits }) => emits))];
  const heard = table.reactions.flatMap(({ hears }) => (hears.kind === 'event' ? [hears] : []));
  const log = createLog(service, config);
  measureProcess(service);
  const telemetry = startTelemetry({ name: service, version: VERSION }, config, log);
  const readiness = new Readiness();
  const changes = new RowChanges<Row>();
  const adapter = new PrismaPg(connections(config.databaseUrl), { statementNameGenerator: statementNames() });
  const database = definition.database(adapter);
  const transactions = workConnection(connections(config.databaseUrl));
  // The events of the system, and those of a table that declares its own.
  const known = [...new Set([...events, ...emitted, ...heard])];
  const codec = createCodec({ registryUrl: config.registryUrl, events: known });
  const ports = definition.ports?.(config) ?? [];
  const calls = new Calls(ports, readiness);

  const work = {
    database: transactions,
    table,
    repository: definition.repository,
    encode: codec.encode,
    callCapacity: () => (config.callsBegin === 'at-once' ? tasks.capacity() : noCapacity),
    replayLimit: config.replayLimit,
    eventDepthLimit: config.eventDepthLimit,
  };
  const decode = intake({ table, codec, readiness, log });
  const loop: BatchLoop<State, Row> = new BatchLoop({
    work: (batch) => unitOfWork(batch, work),
    decode,
    observer: batchLoopObserver({ changes, readiness, log, sagaField, start: (started) => tasks.begin(started) }),
  });
  const tasks = new TaskRunner({
    database: transactions.single,
    calls,
    submit: (task) => loop.submit(task),
    sagaField,
    readiness,
    log,
  });
  const again = deadLetters({
    database,
    decode,
    handleAgain: (messages) => loop.handleAgain(messages),
    rehearse: (messages) => rehearse(messages, work),
  });
  const operators = operatorDesk({ database, codec, deadLetters: again, log });

  const gate = new Gate(loop);
  const sink = unhurried(loop, definition.pauseBetweenFetchesMs ?? 0);
  const streams = messaging({ config, table, sink, readiness, log });
  const server = await listen(
    {
      service,
      version: VERSION,
      routes: [
        ...definition.api({ database, config, changes }),
        ...operators.routes,
        waitingRoute(database, table, ports),
        ...endingRoute<State>(database, ports),
        ...unpublishedRoutes(database),
        ...statusRoutes({
          version: VERSION,
          table,
          database: transactions.single,
          readiness,
          calls,
          messaging: streams.status,
        }),
      ],
      actors: definition.actors ?? ANYBODY,
      commands: gate,
      acts: operators.acts,
      keptAnswer: (claim) => keptAnswer(database, claim),
      readiness,
      log,
      links: { trace: config.traceLinkTemplate },
      limits: { commandsAtOnce: config.commandsAtOnce, readsAtOnce: config.readsAtOnce },
    },
    { port: config.port, address: config.listenAddress },
  );
  const mayForget = (table: string): boolean => table !== 'inbox' || streams.mayForgetIds();
  const pruner = new Pruner({ database, prunings: prunings(config), mayForget, log });
  const looks = [
    overdueCallsMonitor(database, table),
    ...(definition.stuckMonitors?.({ database, config, log }) ?? []),
  ];
  const background = [tasks, operators, pruner, new StuckMonitors(looks, log)];
  const opened = open();
  let stopped: Promise<void> | undefined;
  return { port: server.port, log, stop: () => (stopped ??= stop()) };

  async function open(): Promise<void> {
    readiness.notOk('startup', 'The service is waiting for its dependencies.');
    const waiting = { readiness, log, stopping: gate.stopping };
    await waitedOut('database', () => database.$queryRawUnsafe('SELECT 1'), waiting);
    await waitedOut('registry', () => codec.prepare(emitted), waiting);
    if (gate.stopping.aborted) return;
    streams.start();
    for (const work of background) work.start();
    gate.open();
    readiness.ok('startup');
    log.info({ port: server.port }, 'ready');
  }

  async function stop(): Promise<void> {
    readiness.notOk('stopping', 'The service is stopping.');
    log.info('stopping');
    gate.close();
    await opened.catch(() => undefined);
    await Promise.all([server.close(), streams.stopConsumer(), ...background.map((work) => work.stop())]);
    await loop.drain();
    await streams.stopRelay();
    await transactions.close();
    await database.$disconnect();
    await telemetry.shutdown();
    log.info('stopped');
  }
}
