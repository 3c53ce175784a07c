import {
  databaseOf,
  ensureDatabases,
  ensureSlot,
  ensureTopics,
  migrateTables,
  registerPatiently,
  releaseSlot,
  slotOf,
} from '@troupe/deploy';
import { isServiceName, type ServiceName, serviceNames } from '@troupe/services';
import { databaseOwners } from '../addresses.ts';
import type { Context } from './context.ts';

// What a deployment does before services start, against the given PostgreSQL, Kafka and registry. Every step can be
// repeated.

/** Roles and databases, for the services, the registry and, where there is one, the console. Only services stream an outbox. */
export async function deployDatabases({ addresses, secrets, hasConsole }: Context): Promise<void> {
  const owners = databaseOwners.filter((owner) => hasConsole || owner !== 'console');
  const wanted = owners.map((owner) => ({
    name: databaseOf(owner),
    password: secrets.roles[owner] ?? '',
    replication: isServiceName(owner),
  }));
  await ensureDatabases(addresses.adminUrl, wanted);
}

/** Tables, and the replication slot of each outbox. */
export async function deployTables({ addresses, settings, report, supervisor, hasConsole }: Context): Promise<void> {
  const owners = hasConsole ? ([...serviceNames, 'console'] as const) : serviceNames;
  const databases = owners.map((owner) => ({ owner, url: addresses.databaseUrl(owner) }));
  await migrateTables(settings.home, databases, supervisor.signal);
  for (const service of serviceNames) {
    if (await ensureSlot(addresses.databaseUrl(service), slotOf(service))) continue;
    report.warn(
      `The replication slot ${slotOf(service)} is gone, though its database was used before. The service ${service} makes it ` +
        'anew when it starts, and publishes again what its outbox keeps: nothing is lost, and there is nothing to do.',
    );
  }
}

/** For services that read their outboxes by polling. */
export async function releaseSlots({ addresses }: Context, services: readonly ServiceName[]): Promise<void> {
  await Promise.all(services.map((service) => releaseSlot(addresses.databaseUrl(service), slotOf(service))));
}

export async function deployTopics({ addresses }: Context): Promise<void> {
  await ensureTopics(addresses.brokers);
}

/** Every event's schema, with its compatibility. */
export async function deploySchemas({ addresses: { registryUrl }, supervisor: { signal } }: Context): Promise<void> {
  await registerPatiently(registryUrl, signal);
}
