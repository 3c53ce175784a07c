import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Child } from './children/child.ts';
import { endLeftovers, Supervisor } from './children/supervisor.ts';
import { fetchDownload, folderOf, isThere } from './downloads/fetch.ts';
import { kafkaDownload, registryDownload } from './downloads/parts.ts';
import { brokerSpec, prepareBroker } from './kafka/broker.ts';
import { ensureTopics } from './kafka/topics.ts';
import { findJava, findMaven } from './machine/java.ts';
import { freePorts } from './machine/ports.ts';
import { migrate } from './migrations/migrate.ts';
import { databaseOf, ensureDatabases, ensureSlot, makeTemplates, slotOf } from './postgres/databases.ts';
import { placeOf } from './postgres/place.ts';
import { postgresSpec, prepareCluster } from './postgres/server.ts';
import { registrySpec, registryUrlOf } from './registry/registry.ts';
import { type Reporter, silent } from './reporter.ts';
import { secretsOf } from './secrets.ts';
import { type Ports, type ServiceName, type Settings, serviceNames, settingsFrom, StartError } from './settings.ts';

export interface StackOptions {
  readonly dataDir?: string;
  readonly ports?: 'free' | Partial<Ports>;
  readonly templates?: boolean;
  readonly report?: Reporter;
}

export interface Stack {
  readonly settings: Settings;
  readonly brokers: string;
  readonly registryUrl: string;
  readonly adminUrl: string;
  databaseUrl(service: ServiceName): string;
  child(name: string): Child;
  stop(): Promise<void>;
}

async function settingsOf({ dataDir, ports }: StackOptions): Promise<Settings> {
  const settings = settingsFrom(process.env);
  return {
    ...settings,
    dataDir: dataDir ?? settings.dataDir,
    ports: ports === 'free' ? await freePorts() : { ...settings.ports, ...ports },
  };
}

export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const report = options.report ?? silent;
  const settings = await settingsOf(options);
  const { dataDir, ports, cacheDir, home } = settings;
  mkdirSync(dataDir, { recursive: true });
  await endLeftovers({ dataDir, report });
  const java = await findJava();
  if ('fault' in java) throw new StartError([java.fault]);
  for (const download of [kafkaDownload, registryDownload]) {
    if (isThere(cacheDir, download)) continue;
    const maven = await findMaven();
    if ('fault' in maven) throw new StartError([maven.fault]);
    await report.step(`download ${download.title}`, (update) => fetchDownload(cacheDir, download, maven.command, update));
  }
  const names = [...serviceNames, 'registry'];
  const secrets = secretsOf(dataDir, names);
  const url = (user: string, password: string, database: string): string =>
    `postgresql://${user}:${password}@127.0.0.1:${ports.postgres}/${database}`;
  const adminUrl = url('postgres', secrets.superuser, 'postgres');
  const databaseUrl = (service: string): string => url(databaseOf(service), secrets.roles[service] ?? '', databaseOf(service));
  const brokers = `127.0.0.1:${ports.kafka}`;
  const supervisor = new Supervisor({ dataDir, report });

  const database = async (): Promise<void> => {
    const place = placeOf(dataDir);
    await prepareCluster(place, secrets.superuser);
    await supervisor.add(0, postgresSpec(place, adminUrl)).start();
    await ensureDatabases(adminUrl, names.map((name) => ({ name: databaseOf(name), password: secrets.roles[name] ?? '' })));
    await Promise.all([report.step('registry', registry), report.step('migrations', migrations)]);
  };
  const registry = async (): Promise<void> => {
    const folder = folderOf(cacheDir, registryDownload);
    await supervisor.add(1, registrySpec(settings, { java: java.command, folder, databaseUrl: databaseUrl('registry') })).start();
  };
  const migrations = async (): Promise<void> => {
    await migrate(home, serviceNames.map((service) => ({ schemaDir: path.join(home, 'prisma', service), databaseUrl: databaseUrl(service) })));
    for (const service of serviceNames) await ensureSlot(databaseUrl(service), slotOf(service));
    if (options.templates) await makeTemplates(adminUrl, serviceNames);
  };
  const kafka = async (): Promise<void> => {
    const parts = { java: java.command, libs: folderOf(cacheDir, kafkaDownload) };
    await prepareBroker(settings, parts);
    await supervisor.add(1, brokerSpec(settings, parts)).start();
    await ensureTopics(brokers);
  };
  try {
    await Promise.all([report.step('postgres', database), report.step('kafka', kafka)]);
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  return {
    settings,
    brokers,
    registryUrl: registryUrlOf(ports.registry),
    adminUrl,
    databaseUrl,
    child: (name) => supervisor.child(name),
    stop: () => supervisor.stop(),
  };
}
