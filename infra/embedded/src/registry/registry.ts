import path from 'node:path';
import type { ChildSpec } from '../children/child.ts';
import type { Settings } from '../settings.ts';

/** What the registry needs from outside. */
export interface RegistryParts {
  readonly java: string;
  /** The folder of the unpacked Apicurio distribution. */
  readonly folder: string;
  /** Where it keeps its schemas, so that their ids outlive a restart. */
  readonly databaseUrl: string;
}

/** The address that Confluent's clients use. */
export const registryUrlOf = (port: number): string => `http://127.0.0.1:${port}/apis/ccompat/v7`;

/** The registry process. Ready when it lists its subjects. */
export function registrySpec({ ports }: Settings, { java, folder, databaseUrl }: RegistryParts): ChildSpec {
  const { hostname, port, pathname, username, password } = new URL(databaseUrl);
  const memory = ['-Xms64m', '-Xmx192m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:+ExitOnOutOfMemoryError'];
  return {
    name: 'registry',
    command: java,
    args: [...memory, '-jar', path.join(folder, 'apicurio-registry-app-3.0.9-runner.jar')],
    cwd: folder,
    env: {
      ...process.env,
      QUARKUS_HTTP_HOST: '127.0.0.1',
      QUARKUS_HTTP_PORT: String(ports.registry),
      APICURIO_STORAGE_KIND: 'sql',
      APICURIO_STORAGE_SQL_KIND: 'postgresql',
      APICURIO_DATASOURCE_URL: `jdbc:postgresql://${hostname}:${port}${pathname}`,
      APICURIO_DATASOURCE_USERNAME: username,
      APICURIO_DATASOURCE_PASSWORD: password,
    },
    notReady: () => httpDoesNotAnswer(`${registryUrlOf(ports.registry)}/subjects`),
    readyWithinMs: 90_000,
    stopSignals: ['SIGTERM'],
    stopWithinMs: 10_000,
  };
}

/** Undefined when a GET is answered with 2xx, else why not. */
export async function httpDoesNotAnswer(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
    const body = await response.text();
    return response.ok ? undefined : `${url} answers ${response.status} ${body.slice(0, 300)}`;
  } catch (error) {
    const { cause, message } = error as Error;
    return `${url}: ${cause instanceof Error ? cause.message : message}`;
  }
}
