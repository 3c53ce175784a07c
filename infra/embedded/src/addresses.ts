import { databaseOf } from '@troupe/deploy';
import { type ServiceName, serviceNames } from '@troupe/services';
import { keptSecrets, type Secrets } from './secrets.ts';
import { type Ports, type SandboxName, type Settings, StartError } from './settings.ts';

/** Where the parts of a stack are, with the passwords in the URLs. */
export interface Addresses {
  readonly brokers: string;
  /** The Confluent-compatible API. */
  readonly registryUrl: string;
  /** The REST API of Kafka Connect, when Debezium is the relay. */
  readonly connectUrl: string;
  /** PostgreSQL's superuser, in the database `postgres`. */
  readonly adminUrl: string;
  readonly smtpUrl: string;
  readonly consoleUrl: string;
  /** The database of a service, of the console or of the registry, as its own role. */
  databaseUrl(owner: DatabaseOwner): string;
  serviceUrl(service: ServiceName): string;
  sandboxUrl(sandbox: SandboxName): string;
}

/** Everything that has a database and a role of its own. */
export const databaseOwners = [...serviceNames, 'console', 'registry'] as const;
export type DatabaseOwner = (typeof databaseOwners)[number];

/** Everything is on loopback. `127.0.0.1` and not `localhost`, which on some machines is `::1` first. */
export function addressesOf(ports: Ports, secrets: Secrets): Addresses {
  const http = (port: number): string => `http://127.0.0.1:${port}`;
  const database = (role: string, password: string, name: string): string =>
    `postgresql://${role}:${password}@127.0.0.1:${ports.postgres}/${name}`;
  return {
    brokers: `127.0.0.1:${ports.kafka}`,
    registryUrl: `${http(ports.registry)}/apis/ccompat/v7`,
    connectUrl: http(ports.connect),
    adminUrl: database('postgres', secrets.superuser, 'postgres'),
    consoleUrl: http(ports.console),
    smtpUrl: `smtp://127.0.0.1:${ports.smtp}`,
    databaseUrl: (owner) => database(databaseOf(owner), secrets.roles[owner] ?? '', databaseOf(owner)),
    serviceUrl: (service) => http(ports[service]),
    sandboxUrl: (sandbox) => http(ports[sandbox]),
  };
}

/**
 * The addresses of the whole system in containers (infra/compose/compose.yaml), whose roles share the password of
 * `DATABASE_PASSWORD`.
 */
export function containerAddresses({ ports }: Settings, env: NodeJS.ProcessEnv = process.env): Addresses {
  const password = env.DATABASE_PASSWORD || 'troupe';
  const roles = Object.fromEntries(databaseOwners.map((owner) => [owner, password]));
  return addressesOf(ports, { fresh: false, superuser: env.POSTGRES_PASSWORD || 'troupe', roles });
}

/** The addresses of a stack that another process started. @throws StartError when its data folder holds no passwords. */
export function runningAddresses({ ports, dataDir }: Settings): Addresses {
  const secrets = keptSecrets(dataDir);
  if (secrets !== undefined) return addressesOf(ports, secrets);
  throw new StartError([`There is no system in ${dataDir}: start it first with npm start, or set TROUPE_DATA_DIR.`]);
}
