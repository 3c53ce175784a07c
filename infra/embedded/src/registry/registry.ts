import path from 'node:path';
import type { ChildSpec } from '../children/child.ts';
import { httpDoesNotAnswer } from '../http.ts';

/** What the registry needs from outside. */
export interface RegistryParts {
  readonly java: string;
  /** The folder of the unpacked Apicurio distribution. */
  readonly folder: string;
  /** Where it keeps its schemas, so that their ids survive a restart. */
  readonly databaseUrl: string;
  /** The address that Confluent's clients use. */
  readonly url: string;
}

/** The registry process. Ready when it lists its subjects. */
export function registrySpec({ java, folder, databaseUrl, url }: RegistryParts): ChildSpec {
  const { hostname, port, pathname, username, password } = new URL(databaseUrl);
  const memory = [
    '-Xms64m',
    '-Xmx192m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-XX:+ExitOnOutOfMemoryError',
    '-XX:-UsePerfData',
  ];
  return {
    name: 'registry',
    command: java,
    args: [...memory, '-jar', path.join(folder, 'apicurio-registry-app-3.0.9-runner.jar')],
    cwd: folder,
    env: {
      ...process.env,
      QUARKUS_HTTP_HOST: '127.0.0.1',
      QUARKUS_HTTP_PORT: new URL(url).port,
      APICURIO_STORAGE_KIND: 'sql',
      APICURIO_STORAGE_SQL_KIND: 'postgresql',
      APICURIO_DATASOURCE_URL: `jdbc:postgresql://${hostname}:${port}${pathname}`,
      APICURIO_DATASOURCE_USERNAME: username,
      APICURIO_DATASOURCE_PASSWORD: password,
      // By default it opens twenty connections.
      APICURIO_DATASOURCE_JDBC_INITIAL_SIZE: '1',
      APICURIO_DATASOURCE_JDBC_MIN_SIZE: '1',
      APICURIO_DATASOURCE_JDBC_MAX_SIZE: '8',
    },
    notReady: () => httpDoesNotAnswer(`${url}/subjects`),
    readyWithinMs: 90_000,
    stopSignals: ['SIGTERM'],
    stopWithinMs: 10_000,
  };
}
