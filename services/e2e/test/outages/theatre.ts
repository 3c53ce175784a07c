import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Addresses, type ServiceName, type Stack, sandboxNames, serviceNames, startStack } from '@troupe/embedded';
import { type Instance, type StartedInstance, startInstance } from './instance.ts';

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
  const joined: StartedInstance[] = [];
  const instances: Instance[] = serviceNames.map((name) => {
    return { name, url: addresses.serviceUrl(name), pid: () => stack.child(name).pid };
  });
  return {
    stack,
    instances,
    async join(service, env = {}) {
      const instance = await startInstance(service, { ...serviceEnv, ...environmentOf(addresses, service), ...env });
      joined.push(instance);
      instances.push(instance);
      return instance;
    },
    async close() {
      await Promise.all(joined.map((instance) => instance.end()));
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
