import path from 'node:path';
import { type ServiceName, serviceNames } from '@troupe/services';
import { allOf } from '../children/supervisor.ts';
import { keepConnectors, workerPasswords } from '../connect/debezium.ts';
import { portVariable, type Settings, StartError, type Variable } from '../settings.ts';
import type { Context } from './context.ts';
import { deployDatabases, deploySchemas, deployTables, deployTopics } from './deploy.ts';
import { type Following, followDocker, whyNotAnswered } from './docker.ts';

/** The ports of the parts that only compose has, and the variables of `infra/compose/infrastructure.yaml` that change them. */
export function composePorts(env: NodeJS.ProcessEnv = process.env) {
  return {
    kafkaUi: Number(env.KAFKA_UI_PORT || 8080),
    jaeger: Number(env.JAEGER_UI_PORT || 16686),
    otlp: Number(env.OTLP_PORT || 4318),
  };
}

/** The variables of a start in containers, beyond those of every start. */
export const composeVariables: readonly Variable[] = [
  { name: 'KAFKA_UI_PORT', is: 'port of Kafka UI', otherwise: String(composePorts({}).kafkaUi) },
  { name: 'JAEGER_UI_PORT', is: 'port of Jaeger', otherwise: String(composePorts({}).jaeger) },
  { name: 'OTLP_PORT', is: 'port to which services send their traces', otherwise: String(composePorts({}).otlp) },
  { name: 'POSTGRES_PASSWORD', is: "password of PostgreSQL's superuser", otherwise: 'troupe' },
];

/** The superuser's password in compose. The services' roles get passwords of their own, as everywhere. */
export const composePassword = (env: NodeJS.ProcessEnv = process.env): string => env.POSTGRES_PASSWORD || 'troupe';

/** Settings of services in addition to the usual ones, so that Jaeger shows their traces. */
export function composeServiceEnv(): Record<string, string> {
  const { otlp, jaeger } = composePorts();
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://localhost:${otlp}`,
    TRACE_LINK_TEMPLATE: `http://localhost:${jaeger}/trace/{traceId}`,
  };
}

/** Settings of a console: it links to what runs beside it, and passes on to Jaeger the spans that it takes. */
export function composeConsoleEnv(): Record<string, string> {
  const { otlp, jaeger, kafkaUi } = composePorts();
  return {
    SPANS_FORWARD_URL: `http://localhost:${otlp}`,
    JAEGER_URL: `http://localhost:${jaeger}`,
    KAFKA_UI_URL: `http://localhost:${kafkaUi}`,
  };
}

/**
 * PostgreSQL, Kafka, registry, Kafka UI and Jaeger as containers, ready for the services; with `debezium` Kafka Connect
 * beside them, without connectors yet.
 */
export async function startCompose(context: Context, debezium: boolean): Promise<void> {
  const { supervisor, report } = context;
  await requireEngine();
  supervisor.atTheEnd(() => stopCompose(context.settings));
  await report.step('Containers', (update) =>
    compose(context.settings, [...(debezium ? profile : []), 'up', '--detach', '--wait'], {
      update,
      signal: supervisor.signal,
      env: workerPasswords(context, serviceNames),
    }),
  );
  await report.step('PostgreSQL', () => deployDatabases(context));
  await allOf(supervisor, [
    report.step('Migrations', () => deployTables(context)),
    report.step('Topics', () => deployTopics(context)),
    report.step('Schemas', () => deploySchemas(context)),
  ]);
}

/** PostgreSQL, as the worker in its container reaches it. */
const postgresInNetwork = { host: 'postgres', port: 5432 };

export async function keepComposeConnectors(context: Context, services: readonly ServiceName[]): Promise<void> {
  await keepConnectors(context, services, postgresInNetwork);
}

/** Stops the containers and keeps their data. */
async function stopCompose(settings: Settings): Promise<void> {
  await compose(settings, [...profile, 'stop']);
}

/** Removes the containers and their data. */
export async function wipeCompose(settings: Settings): Promise<void> {
  await requireEngine();
  await compose(settings, [...profile, 'down', '--volumes']);
}

/** Their variables are those of every start. */
const publishedPorts = ['postgres', 'kafka', 'registry', 'connect'] as const;

/** With this option a command includes Kafka Connect. */
const profile = ['--profile', 'debezium'];

async function requireEngine(): Promise<void> {
  const why =
    (await whyNotAnswered(['version', '--format', '{{.Server.Version}}'])) ??
    (await whyNotAnswered(['compose', 'version']));
  if (why === undefined) return;
  throw new StartError([
    `--docker needs a running Docker engine with compose: ${why}. Start Docker, or leave --docker out: npm start runs ` +
      'PostgreSQL, Kafka and the registry without it.',
  ]);
}

/** @param following its `env` has further variables for the file */
async function compose(settings: Settings, command: readonly string[], following: Following = {}): Promise<void> {
  const { ports, home } = settings;
  const args = ['compose', '--file', path.join(home, 'infra/compose/infrastructure.yaml'), ...command];
  const env = {
    ...process.env,
    ...Object.fromEntries(publishedPorts.map((name) => [portVariable(name), String(ports[name])])),
    ...following.env,
  };
  const { code, lines } = await followDocker(args, { ...following, env });
  if (code !== 0)
    throw new StartError([`docker ${args.join(' ')} ended with code ${code}:\n${lines.slice(-10).join('\n')}`]);
}
