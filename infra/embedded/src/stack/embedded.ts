import { allOf } from '../children/supervisor.ts';
import { fetchDownload, folderOf } from '../downloads/fetch.ts';
import { kafkaDownload, registryDownload } from '../downloads/parts.ts';
import { brokerSpec, prepareBroker } from '../kafka/broker.ts';
import type { Machine } from '../machine/preflight.ts';
import { placeOf } from '../postgres/place.ts';
import { postgresSpec, prepareCluster } from '../postgres/server.ts';
import { registrySpec } from '../registry/registry.ts';
import { type Context, stage } from './context.ts';
import { deployDatabases, deploySchemas, deployTables, deployTopics } from './deploy.ts';

/** PostgreSQL, Kafka and registry as processes of this machine, ready for the services. Independent parts start together. */
export async function startEmbedded(context: Context, machine: Machine): Promise<void> {
  await downloadMissing(context, machine);
  const { supervisor, report } = context;
  await allOf(supervisor, [
    startDatabases(context).then(() =>
      allOf(supervisor, [
        report.step('Migrations', () => deployTables(context)),
        report.step('Schema registry', () => startRegistry(context, machine)),
      ]),
    ),
    report.step('Kafka', () => startKafka(context, machine)),
  ]);
}

export async function downloadMissing(
  { settings, report, supervisor }: Context,
  { missing, maven = 'mvn' }: Machine,
): Promise<void> {
  for (const download of missing) {
    await report.step(`Download ${download.title}`, (update) =>
      fetchDownload(download, { cacheDir: settings.cacheDir, maven, update, signal: supervisor.signal }),
    );
  }
}

/** PostgreSQL with the databases of the services, which are empty. */
export async function startDatabases(context: Context): Promise<void> {
  const { settings, supervisor, secrets, addresses, report, postgres } = context;
  await report.step('PostgreSQL', async () => {
    const place = placeOf(settings.dataDir);
    await prepareCluster(place, secrets, supervisor.signal);
    await supervisor.add(stage.postgres, postgresSpec(place, addresses.adminUrl, postgres)).start();
    await deployDatabases(context);
  });
}

async function startKafka(context: Context, machine: Machine): Promise<void> {
  await startBroker(context, machine);
  await deployTopics(context);
}

/** Kafka without a topic. */
export async function startBroker({ settings, supervisor }: Context, { java }: Machine): Promise<void> {
  const parts = { java, libs: folderOf(settings.cacheDir, kafkaDownload) };
  await prepareBroker(settings, parts, supervisor.signal);
  await supervisor.add(stage.kafka, brokerSpec(settings, parts)).start();
}

async function startRegistry(context: Context, { java }: Machine): Promise<void> {
  const { settings, supervisor, addresses } = context;
  const folder = folderOf(settings.cacheDir, registryDownload);
  const spec = registrySpec({
    java,
    folder,
    url: addresses.registryUrl,
    databaseUrl: addresses.databaseUrl('registry'),
  });
  await supervisor.add(stage.registry, spec).start();
  await deploySchemas(context);
}
