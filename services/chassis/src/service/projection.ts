import { createCodec } from '@troupe/schemas';
import type { z } from 'zod';
import { RecordBatches } from '../batch/record-batches.ts';
import { readConfig } from '../configuration/config.ts';
import { ANYBODY } from '../http/actor.ts';
import { NO_ACTS } from '../http/acts.ts';
import { listen } from '../http/server/listen.ts';
import type { CommandBus } from '../incoming/commands.ts';
import { recordReader } from '../incoming/record-reader.ts';
import { KafkaClient } from '../kafka/client.ts';
import { type RunningConsumer, startConsumer } from '../kafka/consumer/consumer.ts';
import { unhurried } from '../kafka/consumer/unhurried.ts';
import { Readiness } from '../process/readiness.ts';
import type { Database, Sql } from '../rules/database.ts';
import { createLog } from '../telemetry/log.ts';
import { measureProcess } from '../telemetry/metrics.ts';
import { startTelemetry } from '../telemetry/telemetry.ts';
import { projectionDatabases } from './projection-databases.ts';
import type { ProjectionDefinition } from './projection-definition.ts';
import { runUntilStopped } from './run-service.ts';
import type { RunningService } from './service-runner.ts';
import { waitedOut } from './startup.ts';

const VERSION = '0.1.0';
/** A batch takes far less. What is not committed by then is delivered again, and changes nothing. */
const LAST_BATCH_MS = 2_000;

/** Runs a service that only reads until SIGTERM or SIGINT, then stops it in order. The whole of its `main`. */
export const runProjection = <Tx extends Sql, Db extends Database<Tx>, Shape extends z.ZodRawShape>(
  definition: ProjectionDefinition<Tx, Db, Shape>,
): Promise<void> => runUntilStopped(() => startProjection(definition));

/**
 * Starts the HTTP server, which says what is waited for; then, as soon as the database answers, the background and the
 * consumer. Offsets are committed only after the transaction that holds the rows of their records.
 * @throws ConfigError with every fault of the environment; Error when the port cannot be listened on.
 */
export async function startProjection<Tx extends Sql, Db extends Database<Tx>, Shape extends z.ZodRawShape>(
  definition: ProjectionDefinition<Tx, Db, Shape>,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<RunningService> {
  const { name } = definition;
  const config = readConfig(definition.settings, env);
  const { kafkaBrokers: brokers, topicPrefix: prefix } = config;
  const log = createLog(name, config);
  measureProcess(name);
  const telemetry = startTelemetry({ name, version: VERSION }, config, log);
  const readiness = new Readiness();
  const databases = projectionDatabases<Tx, Db>(definition, config.databaseUrl);
  const { database, transactions } = databases;
  const kafka = new KafkaClient({ brokers, clientId: `troupe-${name}`, codec: config.kafkajsCodec, readiness, log });
  const stopping = new AbortController();
  const codec = createCodec({ registryUrl: config.registryUrl });
  const read = recordReader({ codec, readiness, log }, stopping.signal);
  const projection = await definition.open({ database, transactions, config, read, kafka, readiness, log });
  const { routes, mounted = [], acts = NO_ACTS, actors = ANYBODY, background = [] } = projection;
  const batches = new RecordBatches({
    project: (records) => projection.project(records),
    projectReduced: (record, failure) => projection.projectReduced(record, failure),
    readiness,
    log,
  });
  const server = await listen(
    {
      service: name,
      version: VERSION,
      routes,
      mounted,
      actors,
      acts,
      commands: NO_COMMANDS,
      readiness,
      log,
      links: { trace: config.traceLinkTemplate },
      limits: { commandsAtOnce: config.commandsAtOnce, readsAtOnce: config.readsAtOnce },
    },
    { port: config.port, address: config.listenAddress },
  );
  let consumer: RunningConsumer | undefined;
  const opened = open();
  let stopped: Promise<void> | undefined;
  return { port: server.port, log, stop: () => (stopped ??= stop()) };

  async function open(): Promise<void> {
    readiness.notOk('startup', 'The service is waiting for its dependencies.');
    const waiting = { readiness, log, stopping: stopping.signal };
    await waitedOut('database', () => database.$queryRawUnsafe('SELECT 1'), waiting);
    if (stopping.signal.aborted) return;
    for (const work of background) work.start();
    const topics = definition.topics.map((topic) => `${prefix}${topic}`);
    const sink = unhurried(batches, definition.pauseBetweenFetchesMs ?? 0);
    consumer = startConsumer({ kafka, groupId: `${prefix}${name}`, topics, sink, log });
    readiness.ok('startup');
    log.info({ port: server.port }, 'ready');
  }

  async function stop(): Promise<void> {
    readiness.notOk('stopping', 'The service is stopping.');
    log.info('stopping');
    stopping.abort();
    await opened.catch(() => undefined);
    await Promise.all([server.close(), consumer?.stop(LAST_BATCH_MS)]);
    await Promise.all([batches.stop(), ...background.map((work) => work.stop())]);
    await databases.close();
    await telemetry.shutdown();
    log.info('stopped');
  }
}

const NO_COMMANDS: CommandBus<never> = {
  execute: () => Promise.reject(new Error('A service that only reads takes no commands: give it acts instead.')),
};
