import {
  ConnectRest,
  connectorConfig,
  connectorOf,
  ensureTopics,
  heartbeatTopic,
  hindrance,
  Keeper,
  type OutboxSource,
  passwordVariable,
  slotOf,
} from '@troupe/deploy';
import type { ServiceName } from '@troupe/services';
import type { Child } from '../children/child.ts';
import type { Supervisor } from '../children/supervisor.ts';
import { fetchDownload, folderOf, isThere } from '../downloads/fetch.ts';
import { connectDownload } from '../downloads/parts.ts';
import { findJava, findMaven } from '../machine/java.ts';
import type { Reporter } from '../reporter.ts';
import { StartError } from '../settings.ts';
import { type Context, stage } from '../stack/context.ts';
import { endWhenHung } from './watchdog.ts';
import { type WorkerParts, workerSpec } from './worker.ts';

/** The passwords of the services' roles, for the environment of the worker. */
export function workerPasswords({ secrets }: Context, services: readonly ServiceName[]): Record<string, string> {
  return Object.fromEntries(services.map((service) => [passwordVariable(service), secrets.roles[service] ?? '']));
}

/** Kafka Connect as a process of this machine, ended and started again when it hangs. */
export async function startWorker(context: Context, java: string, services: readonly ServiceName[]): Promise<void> {
  const { settings, addresses, supervisor, report } = context;
  const spec = workerSpec({
    java,
    libs: folderOf(settings.cacheDir, connectDownload),
    dataDir: settings.dataDir,
    brokers: addresses.brokers,
    url: addresses.connectUrl,
    env: workerPasswords(context, services),
  });
  const worker = supervisor.add(stage.connect, spec);
  await worker.start();
  void endWhenHung({ worker, url: addresses.connectUrl, report }, supervisor.signal);
}

/**
 * A connector for each service's outbox, kept running until the stack stops. Resolves when each runs, or the reason why it
 * does not was reported. `hostFromWorker`: where PostgreSQL is for a worker in a container.
 */
export async function keepConnectors(
  context: Context,
  services: readonly ServiceName[],
  hostFromWorker?: OutboxSource['hostFromWorker'],
): Promise<void> {
  const { settings, addresses, supervisor, report } = context;
  await ensureTopics(addresses.brokers, [heartbeatTopic()]);
  const sources = services.map((service) => ({
    service,
    slot: slotOf(service),
    databaseUrl: addresses.databaseUrl(service),
    password: `\${env:${passwordVariable(service)}}`,
    topicPrefix: '',
    ...(hostFromWorker && { hostFromWorker }),
  }));
  const rest = new ConnectRest(addresses.connectUrl);
  const keepers = sources.map((source) => keeperOf(source, { home: settings.home, rest, report }));
  for (const keeper of keepers) void keeper.keep(supervisor.signal);
  await Promise.all(keepers.map(({ settled }) => settled));
}

interface Keeping {
  readonly home: string;
  readonly rest: ConnectRest;
  readonly report: Reporter;
}

/** Keeps the connector of an outbox running. */
export function keeperOf(source: OutboxSource, { home, rest, report }: Keeping): Keeper {
  const kept = {
    name: connectorOf(source),
    config: connectorConfig(home, source),
    hindrance: () => hindrance(source.databaseUrl, source.slot),
  };
  return new Keeper(kept, rest, report);
}

/** A worker without a stack, for tests: downloads what is missing. The caller stops the supervisor. */
export async function addWorker(
  supervisor: Supervisor,
  report: Reporter,
  { cacheDir, ...parts }: Omit<WorkerParts, 'java' | 'libs'> & { readonly cacheDir: string },
): Promise<Child> {
  const [java, maven] = await Promise.all([findJava(), findMaven()]);
  if ('fault' in java) throw new StartError([java.fault]);
  if (!isThere(cacheDir, connectDownload)) {
    if ('fault' in maven) throw new StartError([maven.fault]);
    const { signal } = supervisor;
    await fetchDownload(connectDownload, { cacheDir, maven: maven.command, update: () => {}, signal });
  }
  const libs = folderOf(cacheDir, connectDownload);
  const worker = supervisor.add(stage.connect, workerSpec({ java: java.command, libs, ...parts }));
  void endWhenHung({ worker, url: parts.url, report }, supervisor.signal);
  return worker;
}
