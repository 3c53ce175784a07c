import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ClonedDatabase, cloneDatabase, fromStack, type TcpProxy, tcpProxy } from '@troupe/chassis/testing';
import { ensureTopics, freePorts, type PortName, projectHome, topics } from '@troupe/embedded';
import { type ServiceName, serviceNames } from '@troupe/services';
import type { Site } from '../src/site.ts';

/** All services and those outside as processes of one test, on databases and topics of its own. */
export interface ScratchSystem {
  readonly site: Site;
  readonly databases: Readonly<Record<ServiceName, ClonedDatabase>>;
  /** On which payment asks the provider; an audit asks on another. */
  readonly wayToProvider: TcpProxy;
  urlOf(name: string): string;
  /** Ends the services: nothing changes any more. The books outside can still be read. */
  stopServices(): Promise<void>;
  close(): Promise<void>;
}

const SETTINGS = {
  // Replication slots belong to the whole cluster, and their names to the services of its stack.
  RELAY: 'polling',
  // An order that a test holds open stays so, however long the test takes.
  ORDER_DEADLINE_MS: '3600000',
  REFUND_RETRY_MS: '10',
  CANCEL_RETRY_MS: '10',
  LOG_LEVEL: 'warn',
};

export async function startScratchSystem(): Promise<ScratchSystem> {
  const topicPrefix = `audit-${randomBytes(4).toString('hex')}.`;
  const brokers = fromStack('TEST_KAFKA_BROKERS');
  await ensureTopics(brokers, topics(topicPrefix));
  const clones = await Promise.all(serviceNames.map(async (name) => [name, await cloneDatabase(name)] as const));
  const databases = Object.fromEntries(clones) as Record<ServiceName, ClonedDatabase>;
  const dataDir = mkdtempSync(path.join(tmpdir(), 'troupe-test-audit-'));
  const ports = await freePorts();
  const urlOf = (name: PortName): string => `http://127.0.0.1:${ports[name]}`;
  const wayToProvider = await tcpProxy(urlOf('provider'));
  const outside = (['provider', 'carrier', 'mailbox'] as const).map((name) =>
    run(`infra/sandbox/dist/${name}.js`, {
      PORT: String(ports[name]),
      SMTP_PORT: String(ports.smtp),
      DATA_DIR: path.join(dataDir, name),
    }),
  );
  const services = serviceNames.map((name) =>
    run(`services/${name}/dist/main.js`, {
      ...SETTINGS,
      PORT: String(ports[name]),
      TOPIC_PREFIX: topicPrefix,
      DATABASE_URL: databases[name].url,
      KAFKA_BROKERS: brokers,
      REGISTRY_URL: fromStack('TEST_REGISTRY_URL'),
      PAYMENT_PROVIDER_URL: wayToProvider.url,
      CARRIER_URL: urlOf('carrier'),
      SMTP_URL: `smtp://127.0.0.1:${ports.smtp}`,
      ...Object.fromEntries(serviceNames.map((other) => [`${other.toUpperCase()}_URL`, urlOf(other)])),
    }),
  );
  await Promise.all(serviceNames.map((name) => ready(`${urlOf(name)}/readyz`)));
  return {
    site: {
      databaseUrl: (name) => databases[name].url,
      brokers,
      topicPrefix,
      providerUrl: urlOf('provider'),
      carrierUrl: urlOf('carrier'),
    },
    databases,
    wayToProvider,
    urlOf,
    stopServices: () => end(services),
    async close() {
      await end([...services, ...outside]);
      await wayToProvider.close();
      await Promise.all(Object.values(databases).map((database) => database.drop()));
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function run(program: string, env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, [path.join(projectHome, program)], {
    env: { ...process.env, ...env },
    stdio: 'ignore',
  });
}

async function end(children: readonly ChildProcess[]): Promise<void> {
  for (const child of children) child.kill();
  await Promise.all(children.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')));
}

async function ready(url: string): Promise<void> {
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    await sleep(100);
  }
}
