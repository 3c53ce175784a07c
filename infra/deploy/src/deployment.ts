import { RegistryUnavailable } from '@troupe/schemas';
import { isServiceName, serviceNames } from '@troupe/services';
import type { OwnedUrl, Site } from './environment.ts';
import { brokerDoesNotAnswer, ensureTopics, topics } from './kafka/topics.ts';
import { migrateTables } from './migrations/tables.ts';
import { ensureDatabases, ensureSlot, releaseSlot, slotOf } from './postgres/databases.ts';
import { registerPatiently } from './schemas.ts';
import { StartError } from './start-error.ts';

/**
 * Everything that has to be there before services start: roles and databases, tables, the replication slot of each outbox,
 * topics, schemas. Each step may be repeated. Tells `say` what each did; throws a StartError for what a person can mend.
 */
export async function deploy(site: Site, say: (line: string) => void): Promise<void> {
  await deployDatabases(site, say);
  await deployTables(site, say);
  await deploySlots(site, say);
  await deployTopics(site, say);
  await deploySchemas(site, say);
}

async function deployDatabases({ adminUrl, databases }: Site, say: (line: string) => void): Promise<void> {
  const wanted = databases.map(({ owner, url }) => {
    const { username, password } = new URL(url);
    return {
      name: decodeURIComponent(username),
      password: decodeURIComponent(password),
      replication: isServiceName(owner),
    };
  });
  await ensureDatabases(adminUrl, wanted).catch((error: Error) => {
    throw new StartError([`PostgreSQL does not let the databases be made: ${error.message}. See ADMIN_DATABASE_URL.`]);
  });
  say(`Databases, each with a role of its name: ${wanted.map(({ name }) => name).join(', ')}`);
}

async function deployTables({ home, databases }: Site, say: (line: string) => void): Promise<void> {
  const ours = databases.flatMap(({ owner, url }) => (owner === 'registry' ? [] : [{ owner, url }]));
  const applied = await migrateTables(home, ours);
  say(applied.length === 0 ? 'Tables: up to date' : `Tables: ${applied.join(', ')}`);
}

/** A slot that is gone from a database that was used stays gone: its service makes it, and repeats what it may have missed. */
async function deploySlots({ databases, polls }: Site, say: (line: string) => void): Promise<void> {
  for (const { owner, url } of servicesOf(databases)) {
    if (polls) await releaseSlot(url, slotOf(owner));
    else if (!(await ensureSlot(url, slotOf(owner)))) say(`Slot ${slotOf(owner)} is gone: its service makes it anew`);
  }
  say(
    polls
      ? 'Replication slots: none, since the outboxes are polled'
      : `Replication slots: ${serviceNames.map(slotOf).join(', ')}`,
  );
}

async function deployTopics({ brokers }: Site, say: (line: string) => void): Promise<void> {
  const why = await brokerDoesNotAnswer(brokers);
  if (why !== undefined) throw new StartError([`Kafka does not answer (${why}). See that it runs, and KAFKA_BROKERS.`]);
  await ensureTopics(brokers);
  say(
    `Topics: ${topics()
      .map(({ name }) => name)
      .join(', ')}`,
  );
}

async function deploySchemas({ registryUrl }: Site, say: (line: string) => void): Promise<void> {
  const registrations = await registerPatiently(registryUrl).catch((error: unknown) => {
    throw error instanceof RegistryUnavailable
      ? new StartError([`${error.message} See that it runs, and REGISTRY_URL.`])
      : error;
  });
  say(`Schemas: ${registrations.length}, each readable by every service that reads it`);
}

function servicesOf(databases: readonly OwnedUrl[]) {
  return databases.flatMap(({ owner, url }) => (isServiceName(owner) ? [{ owner, url }] : []));
}
