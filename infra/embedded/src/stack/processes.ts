import path from 'node:path';
import { type ServiceName, serviceNames } from '@troupe/services';
import type { Addresses } from '../addresses.ts';
import type { ChildSpec } from '../children/child.ts';
import { httpDoesNotAnswer } from '../http.ts';
import { nodeRuntime } from '../machine/node.ts';
import type { SandboxName, Settings } from '../settings.ts';

/** What the Node processes of a stack are given. */
export interface ProcessPlan {
  readonly settings: Settings;
  readonly addresses: Addresses;
  /** Further environment variables for the services: time limits, telemetry. */
  readonly serviceEnv: Readonly<Record<string, string>>;
}

/**
 * Enough for their work, and small enough that all of them fit beside two JVMs on a laptop. The small first heap makes V8
 * collect the garbage of loading early: 30 MB less for each.
 */
const serviceMemory = ['--max-old-space-size=256', '--max-semi-space-size=16', '--initial-heap-size=32'];
/** They keep every entry as long as they run: 145,000 charges filled 96 MB of heap in a soak and ended the provider. */
const sandboxMemory = ['--max-old-space-size=512', '--max-semi-space-size=2'];

/** A service as a process. It knows its own database and role, and no other. */
export function serviceSpec({ settings, addresses, serviceEnv }: ProcessPlan, name: ServiceName): ChildSpec {
  return {
    name,
    command: nodeRuntime().command,
    args: [...serviceMemory, path.join(settings.home, 'services', name, 'dist/main.js')],
    env: {
      ...ownEnvironment(),
      PORT: String(settings.ports[name]),
      DATABASE_URL: addresses.databaseUrl(name),
      KAFKA_BROKERS: addresses.brokers,
      REGISTRY_URL: addresses.registryUrl,
      PAYMENT_PROVIDER_URL: addresses.sandboxUrl('provider'),
      CARRIER_URL: addresses.sandboxUrl('carrier'),
      SMTP_URL: addresses.smtpUrl,
      ...serviceUrls(addresses),
      ...serviceEnv,
    },
    notReady: () => httpDoesNotAnswer(`${addresses.serviceUrl(name)}/readyz`),
    readyWithinMs: 90_000,
    stopSignals: ['SIGTERM'],
    stopWithinMs: 15_000,
  };
}

/** The console as a process: it reads the topics and asks the services, and has a database of its own. */
export function consoleSpec({ settings, addresses }: ProcessPlan, env: Readonly<Record<string, string>>): ChildSpec {
  return {
    name: 'console',
    command: nodeRuntime().command,
    args: [...serviceMemory, path.join(settings.home, 'services/console/dist/main.js')],
    env: {
      ...ownEnvironment(),
      PORT: String(settings.ports.console),
      DATABASE_URL: addresses.databaseUrl('console'),
      KAFKA_BROKERS: addresses.brokers,
      REGISTRY_URL: addresses.registryUrl,
      PROVIDER_URL: addresses.sandboxUrl('provider'),
      CARRIER_URL: addresses.sandboxUrl('carrier'),
      MAILBOX_URL: addresses.sandboxUrl('mailbox'),
      ...serviceUrls(addresses),
      ...env,
    },
    notReady: () => httpDoesNotAnswer(`${addresses.consoleUrl}/readyz`),
    readyWithinMs: 90_000,
    stopSignals: ['SIGTERM'],
    stopWithinMs: 15_000,
  };
}

/** `PAYMENT_URL` and the like: where each service is. */
export const serviceUrls = (addresses: Pick<Addresses, 'serviceUrl'>): Readonly<Record<string, string>> =>
  Object.fromEntries(serviceNames.map((name) => [`${name.toUpperCase()}_URL`, addresses.serviceUrl(name)]));

/** A sandbox of the outside. It keeps its books in the data folder. */
export function sandboxSpec({ settings, addresses }: ProcessPlan, name: SandboxName): ChildSpec {
  return {
    name,
    command: nodeRuntime().command,
    args: [...sandboxMemory, path.join(settings.home, 'infra/sandbox/dist', `${name}.js`)],
    env: {
      ...ownEnvironment(),
      PORT: String(settings.ports[name]),
      SMTP_PORT: String(settings.ports.smtp),
      DATA_DIR: path.join(settings.dataDir, name),
    },
    notReady: () => httpDoesNotAnswer(`${addresses.sandboxUrl(name)}/livez`),
    readyWithinMs: 30_000,
    stopSignals: ['SIGTERM'],
    stopWithinMs: 5_000,
  };
}

/** The user's environment (LOG_LEVEL and the like reach the services), without what npm adds for its own scripts. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'));
  // glibc otherwise sets memory aside for each thread.
  return { MALLOC_ARENA_MAX: '2', ...Object.fromEntries(kept) };
}
