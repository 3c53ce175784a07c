import { type ServiceName, serviceNames } from '@troupe/services';
import { StartError } from './start-error.ts';

/** The environment cannot be used. Holds no password. */
export class EnvironmentError extends StartError {}

/** Whose database it is, and its URL with role and password. The role has the name of the database. */
export interface OwnedUrl {
  readonly owner: ServiceName | 'console' | 'registry';
  readonly url: string;
}

/** What is deployed, and to where. */
export interface Site {
  /** The project's folder: it has the migrations. */
  readonly home: string;
  /** A superuser's, in any database that exists. */
  readonly adminUrl: string;
  /** Those of all services; of the console and of the registry, when they are to be made as well. */
  readonly databases: readonly OwnedUrl[];
  readonly brokers: string;
  /** The Confluent-compatible API. */
  readonly registryUrl: string;
  /** Whether services read their outboxes by polling, and need no replication slot. */
  readonly polls: boolean;
}

/** `ORDER_DATABASE_URL` */
export const urlVariable = (owner: OwnedUrl['owner']): string => `${owner.toUpperCase()}_DATABASE_URL`;

/** The site of an environment. Throws an EnvironmentError with every fault at once. */
export function siteFrom(env: NodeJS.ProcessEnv, home: string): Site {
  const faults: string[] = [];
  const needed = (name: string, is: string): string => {
    const value = env[name]?.trim();
    if (!value) faults.push(`${name} is not set. It is ${is}.`);
    return value ?? '';
  };
  const adminUrl = needed('ADMIN_DATABASE_URL', `a superuser's: ADMIN_DATABASE_URL=${example('postgres')}`);
  const optional = (['console', 'registry'] as const).filter((owner) => env[urlVariable(owner)]?.trim());
  const databases = [...serviceNames, ...optional].map((owner) => {
    const name = urlVariable(owner);
    return { owner, url: needed(name, `the database of ${owner}: ${name}=${example(`troupe_${owner}`)}`) };
  });
  const brokers = needed('KAFKA_BROKERS', 'where Kafka listens: KAFKA_BROKERS=kafka:19092');
  const registryUrl = needed('REGISTRY_URL', 'the registry: REGISTRY_URL=http://registry:8080/apis/ccompat/v7');
  faults.push(...databases.flatMap(({ owner, url }) => urlFaults(urlVariable(owner), url)));
  if (faults.length > 0) throw new EnvironmentError(faults);
  return { home, adminUrl, databases, brokers, registryUrl, polls: env.RELAY === 'polling' };
}

const example = (name: string): string => `postgresql://${name}:password@postgres:5432/${name}`;

function urlFaults(variable: string, url: string): string[] {
  if (url === '') return [];
  if (!URL.canParse(url)) return [`${variable} is no URL. Give one like ${example('troupe_order')}.`];
  const { protocol, username, password, pathname } = new URL(url);
  if (!/^postgres(ql)?:$/.test(protocol))
    return [`${variable} begins with ${protocol} and has to be a URL like ${example('troupe_order')}.`];
  if (username === '' || password === '')
    return [`${variable} has no role or no password. Give both: ${example('troupe_order')}.`];
  if (pathname !== `/${username}`)
    return [`${variable} names the role ${username} and the database ${pathname.slice(1)}. Give both the same name.`];
  return [];
}
