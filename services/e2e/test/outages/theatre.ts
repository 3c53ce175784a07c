import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type Addresses,
  freePorts,
  projectHome,
  type ServiceName,
  type Stack,
  sandboxNames,
  serviceNames,
  startStack,
} from '@troupe/embedded';

/** A process of a service. */
export interface Instance {
  readonly name: string;
  readonly url: string;
  /** Undefined when it does not run. */
  pid(): number | undefined;
}

/** A whole stack of one test file, in which parts may be killed. */
export interface Theatre {
  readonly stack: Stack;
  /** The services of the stack, and those that joined. */
  readonly instances: readonly Instance[];
  /** Starts one more process of a service, and does not wait until it is ready. */
  join(service: ServiceName, env?: Readonly<Record<string, string>>): Promise<Instance>;
  close(): Promise<void>;
}

/** The helpers of `system.ts` then speak to this stack. */
export async function openTheatre(serviceEnv: Readonly<Record<string, string>>): Promise<Theatre> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'troupe-test-outages-'));
  const stack = await startStack({ dataDir, ports: 'free', serviceEnv });
  const { addresses } = stack;
  for (const name of serviceNames) process.env[`TEST_${name.toUpperCase()}_URL`] = addresses.serviceUrl(name);
  for (const name of sandboxNames) process.env[`TEST_${name.toUpperCase()}_URL`] = addresses.sandboxUrl(name);
  const joined: ChildProcess[] = [];
  const instances: Instance[] = serviceNames.map((name) => {
    return { name, url: addresses.serviceUrl(name), pid: () => stack.child(name).pid };
  });
  return {
    stack,
    instances,
    async join(service, env = {}) {
      const { [service]: port } = await freePorts();
      const child = spawn(process.execPath, [path.join(projectHome, 'services', service, 'dist/main.js')], {
        env: { ...process.env, ...serviceEnv, ...environmentOf(addresses, service), ...env, PORT: String(port) },
        stdio: 'ignore',
      });
      joined.push(child);
      const pid = (): number | undefined =>
        child.exitCode === null && child.signalCode === null ? child.pid : undefined;
      const instance = { name: `another ${service}`, url: `http://127.0.0.1:${port}`, pid };
      instances.push(instance);
      return instance;
    },
    async close() {
      for (const child of joined) child.kill();
      await Promise.all(joined.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')));
      await stack.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function environmentOf(addresses: Addresses, service: ServiceName): NodeJS.ProcessEnv {
  return {
    DATABASE_URL: addresses.databaseUrl(service),
    KAFKA_BROKERS: addresses.brokers,
    REGISTRY_URL: addresses.registryUrl,
    PAYMENT_PROVIDER_URL: addresses.sandboxUrl('provider'),
    CARRIER_URL: addresses.sandboxUrl('carrier'),
    SMTP_URL: addresses.smtpUrl,
    PAYMENT_URL: addresses.serviceUrl('payment'),
    INVENTORY_URL: addresses.serviceUrl('inventory'),
    SHIPPING_URL: addresses.serviceUrl('shipping'),
  };
}
