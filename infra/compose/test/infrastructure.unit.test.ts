import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { passwordVariable } from '@troupe/deploy';
import { serviceNames } from '@troupe/services';
import { connectDownload } from '../../embedded/src/downloads/parts.ts';
import { composeFile, folder, mountsOf } from './files.ts';

const compose = composeFile('infrastructure.yaml');
const services = Object.entries(compose.services);
const environment = (service: string) => compose.services[service]?.environment ?? {};

describe('the containers', () => {
  it('are those that the services need, and the two pages to watch them with; Debezium only when it is asked for', () => {
    const always = services.filter(([, { profiles }]) => profiles === undefined).map(([name]) => name);
    expect(always.sort()).toEqual(['jaeger', 'kafka', 'kafka-ui', 'postgres', 'registry']);
    const others = services.filter(([, { profiles }]) => profiles !== undefined);
    expect(others.map(([name, { profiles }]) => [name, profiles])).toEqual([['debezium', ['debezium']]]);
  });

  it.each(services)('%s is pinned to a version', (_, { image }) => {
    expect(image).toMatch(/^[a-z0-9./-]+:v?\d+\.\d+(\.\d+)?(\.Final)?$/);
  });

  it.each(services)('%s tells whether it is healthy, so that `up --wait` can wait for it', (_, { healthcheck }) => {
    expect(healthcheck?.test?.length).toBeGreaterThan(1);
  });

  it('listen on loopback only, on the ports of the embedded stack', () => {
    const published = services.flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`));
    expect(published.sort()).toEqual([
      'debezium 127.0.0.1:8083:8083',
      'jaeger 127.0.0.1:16686:16686',
      'jaeger 127.0.0.1:4318:4318',
      'kafka 127.0.0.1:9092:9092',
      'kafka-ui 127.0.0.1:8080:8080',
      'postgres 127.0.0.1:54320:5432',
      'registry 127.0.0.1:8081:8080',
    ]);
  });

  it('wait for the health of what they depend on', () => {
    for (const [, { depends_on = {} }] of services) {
      for (const [name, { condition }] of Object.entries(depends_on)) {
        expect(compose.services[name]?.healthcheck).toBeDefined();
        expect(condition).toBe('service_healthy');
      }
    }
  });

  it('keep their data in volumes that are declared, and mount files that exist', () => {
    const { files, named } = mountsOf(compose);
    expect(files.filter((file) => !existsSync(new URL(file, folder)))).toEqual([]);
    expect(named).toEqual(Object.keys(compose.volumes).sort());
  });
});

describe('the parts find each other', () => {
  it('by names of services that there are', () => {
    const values = services.flatMap(([, service]) => Object.values(service.environment ?? {}).map(String));
    const hosts = values.flatMap((value) =>
      [...value.matchAll(/(?:\/\/|@|^)([a-z][a-z-]*):\d+/g)].map(([, host]) => host),
    );
    expect([...new Set(hosts)].sort()).toEqual(['kafka', 'postgres', 'registry']);
  });

  it('Kafka sends each client back to an address that it can reach', () => {
    const advertised = String(environment('kafka').KAFKA_ADVERTISED_LISTENERS).split(',');
    expect(advertised).toEqual([
      'HOST://127.0.0.1:9092',
      `INTERNAL://${environment('kafka-ui').KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS}`,
    ]);
    const protocols = String(environment('kafka').KAFKA_LISTENER_SECURITY_PROTOCOL_MAP);
    const listeners = String(environment('kafka').KAFKA_LISTENERS).split(',');
    for (const listener of listeners) expect(protocols).toContain(`${listener.split('://')[0]}:PLAINTEXT`);
  });

  it('the registry logs in with the role that the first start of PostgreSQL makes', () => {
    const sql = readFileSync(new URL('postgres/init.sql', folder), 'utf8');
    const { APICURIO_DATASOURCE_URL, APICURIO_DATASOURCE_USERNAME, APICURIO_DATASOURCE_PASSWORD } =
      environment('registry');
    const database = String(APICURIO_DATASOURCE_URL).split('/').at(-1);
    expect(sql).toContain(
      `CREATE ROLE ${APICURIO_DATASOURCE_USERNAME} LOGIN PASSWORD '${APICURIO_DATASOURCE_PASSWORD}'`,
    );
    expect(sql).toContain(`CREATE DATABASE ${database} OWNER ${APICURIO_DATASOURCE_USERNAME}`);
  });

  it('PostgreSQL writes what logical replication needs', () => {
    expect(compose.services.postgres?.command).toContain('wal_level=logical');
  });

  it('the worker of Debezium has a password for each service: that of the launcher, or else that of all roles', () => {
    const lines = readFileSync(new URL('passwords.env', folder), 'utf8').split('\n');
    const allowed = new RegExp(`^${environment('debezium').CONNECT_CONFIG_PROVIDERS_ENV_PARAM_ALLOWLIST_PATTERN}$`);
    for (const name of serviceNames.map(passwordVariable)) {
      expect(name).toMatch(allowed);
      expect(lines).toContain(`${name}=\${${name}:-\${DATABASE_PASSWORD:-troupe}}`);
    }
  });

  it('Debezium is the same version as without Docker', () => {
    const [, version] = /debezium-(\S+)$/.exec(connectDownload.name) ?? [];
    expect(compose.services.debezium?.image).toBe(`quay.io/debezium/connect:${version}.Final`);
  });

  it('Kafka makes no topic that nobody asked for', () => {
    expect(environment('kafka').KAFKA_AUTO_CREATE_TOPICS_ENABLE).toBe('false');
  });

  it('the page of the topics decodes values with the registry', () => {
    expect(environment('kafka-ui')).toMatchObject({
      KAFKA_CLUSTERS_0_SCHEMAREGISTRY: 'http://registry:8080/apis/ccompat/v7',
      KAFKA_CLUSTERS_0_DEFAULTVALUESERDE: 'SchemaRegistry',
    });
  });
});
