import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { isServiceName, otherPorts, serviceNames, servicePorts } from '@troupe/services';
import { DCLinter } from 'dclint';
import { composeFile, folder, mountsOf, wholeCompose } from './files.ts';

const compose = wholeCompose();
const containers = Object.entries(compose.services);
const infrastructure = Object.keys(composeFile('infrastructure.yaml').services);
const ours = containers.filter(([, { image }]) => image.startsWith('troupe/'));
const text = (file: string): string => readFileSync(new URL(file, folder), 'utf8');

/** Fifteen seconds after SIGTERM a process ends itself: `STOP_BOUND_MS`. */
const STOP_BOUND_S = 15;

describe('the whole system in containers', () => {
  it('has what the services stand on, the services, the console, the outside, and what sets them up', () => {
    const own = [...serviceNames, 'console', 'setup', 'connectors', 'provider', 'carrier', 'mailbox'];
    const metrics = ['prometheus', 'grafana'];
    expect(containers.map(([name]) => name).sort()).toEqual([...infrastructure, ...own, ...metrics].sort());
  });

  it('starts measuring and Debezium only when they are asked for', () => {
    const others = containers.flatMap(([name, { profiles }]) => (profiles ? [`${name} ${profiles.join()}`] : []));
    expect(others.sort()).toEqual([
      'connectors debezium',
      'debezium debezium',
      'grafana metrics',
      'prometheus metrics',
    ]);
  });

  it('knows the services that there are', () => {
    const program = fileURLToPath(new URL('write-services.mjs', folder));
    const { status, stderr } = spawnSync(process.execPath, [program, '--check'], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });

  it('starts from the folder of the project as well', () => {
    expect(text('../../compose.yaml')).toContain('\ninclude:\n  - infra/compose/compose.yaml\n');
  });

  it('publishes only what docs/containers.md says, on loopback, where `npm start` has it', () => {
    const page = text('../../docs/containers.md');
    for (const [name, { ports = [] }] of containers) {
      for (const port of ports) {
        const [, published = '', inside = ''] = /^127\.0\.0\.1:(\d+):(\d+)$/.exec(port) ?? [];
        expect(published).not.toBe('');
        // A new service is found in its package; nobody has to write it here.
        if (!isServiceName(name)) expect(page).toMatch(new RegExp(`^\\| ${name} \\| .*\\b${published}\\b`, 'm'));
        if (!infrastructure.includes(name) && compose.services[name]?.profiles === undefined) {
          expect({ ...servicePorts, ...otherPorts }).toHaveProperty(name, Number(published));
          expect(inside).toBe(published);
        }
      }
    }
  });

  it.each(containers)('%s does not fill the disk with its log', (_, { logging }) => {
    expect(logging?.options).toEqual({ 'max-size': '10m', 'max-file': '3' });
  });

  it.each(containers)('%s gets no right that it does not begin with', (_, { security_opt }) => {
    expect(security_opt).toContain('no-new-privileges:true');
  });

  it.each(containers)(
    '%s waits for the health of what it needs, and for the end of the setup',
    (_, { depends_on = {} }) => {
      for (const [name, { condition }] of Object.entries(depends_on)) {
        const asked = name === 'setup' ? ['service_completed_successfully'] : ['service_healthy', 'service_started'];
        expect(asked).toContain(condition);
        expect(compose.services[name]).toBeDefined();
      }
    },
  );

  it('keeps its data in volumes that are declared, and mounts files that exist', () => {
    const { files, named } = mountsOf(compose);
    expect(files.filter((file) => !existsSync(new URL(file, folder)))).toEqual([]);
    expect(named).toEqual(Object.keys(compose.volumes).sort());
  });

  it('passes the linter of compose files', () => {
    const linter = new DCLinter({
      rules: {
        // A name for the image that is built here, so that it can be started where it was not built.
        'no-build-and-image': 0,
        'require-project-name-field': 0,
        // The files are in the order in which one reads them.
        'service-keys-order': 0,
        'services-alphabetical-order': 0,
        'service-dependencies-alphabetical-order': 0,
        'service-ports-alphabetical-order': 0,
        'top-level-properties-order': 0,
        'require-quotes-in-ports': 0,
      },
      quiet: false,
      debug: false,
      exclude: [],
    });
    const files = ['compose', 'infrastructure', 'services', 'metrics', 'processes', 'without-kafka-ui'];
    const results = linter.lintFiles(
      [new URL('../../compose.yaml', folder), ...files.map((file) => new URL(`${file}.yaml`, folder))].map(
        ({ pathname }) => pathname,
      ),
      false,
    );
    expect(results).toHaveLength(files.length + 1);
    expect(results.flatMap(({ messages }: { readonly messages: readonly unknown[] }) => messages)).toEqual([]);
  });
});

describe('our containers', () => {
  it.each(ours)('%s: the version is the one that is asked for', (name, { image }) => {
    const shared = { provider: 'sandbox', carrier: 'sandbox', mailbox: 'sandbox', connectors: 'setup' };
    expect(image).toBe(`troupe/${(shared as Readonly<Record<string, string>>)[name] ?? name}:dev`);
  });

  it.each(ours)('%s writes nothing but its data, and has no right of the kernel', (_, container) => {
    expect(container).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  });

  it.each(ours)('%s has a bound for its memory and its processes', (_, container) => {
    expect(container).toMatchObject({ mem_limit: expect.stringMatching(/^\d+m$/), pids_limit: expect.any(Number) });
  });

  it.each(ours.filter(([name]) => name !== 'setup'))('%s is started again when it breaks', (_, container) => {
    expect(container.restart).toBe('on-failure');
  });

  it.each([...serviceNames, 'console'])('%s has time to stop in order', (name) => {
    const seconds = Number(/^(\d+)s$/.exec(compose.services[name]?.stop_grace_period ?? '')?.[1]);
    expect(seconds).toBeGreaterThan(STOP_BOUND_S);
    const main = text('../../services/chassis/src/service/run-service.ts');
    expect(main).toContain(`STOP_BOUND_MS = ${STOP_BOUND_S}_000`);
  });

  it.each(serviceNames)('%s stops before the console, which takes its last spans', (name) => {
    expect(compose.services[name]?.depends_on).toHaveProperty('console');
    expect(compose.services[name]?.environment?.OTEL_EXPORTER_OTLP_ENDPOINT).toBe('http://console:3000');
    expect(compose.services.console?.environment?.SPANS_FORWARD_URL).toBe('http://jaeger:4318');
  });

  it('find one another by names of containers, on the ports that they listen on', () => {
    const values = ours.flatMap(([, { environment = {} }]) => Object.values(environment).map(String));
    const known = [...values, ...text('addresses.env').split('\n')];
    const found = known.flatMap((value) => [...value.matchAll(/(?:\/\/|@|^)([a-z][a-z-]*):(\d+)/g)]);
    for (const [, host = '', port] of found) {
      if (host === 'localhost') continue;
      const ports = {
        ...servicePorts,
        ...otherPorts,
        postgres: 5432,
        kafka: 19092,
        registry: 8080,
        jaeger: 4318,
        debezium: 8083,
      };
      const listens = host === 'mailbox' ? [ports.mailbox, ports.smtp] : [ports[host as keyof typeof ports]];
      expect(listens).toContain(Number(port));
    }
    expect(found.length).toBeGreaterThan(20);
  });
});
