import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Reporter, type Stack, serviceNames, settingsFrom, startStack } from '@troupe/embedded';
import { Shop } from '../demo/shop.ts';
import type { Site } from '../bench/measure.ts';

/** What runs already. @throws StartError when it does not. */
export async function runningSite(): Promise<Site> {
  const settings = settingsFrom(process.env);
  const { ports, dataDir } = settings;
  await new Shop(settings).mustBeReady(serviceNames);
  return {
    orderUrl: `http://127.0.0.1:${ports.order}`,
    inventoryUrl: `http://127.0.0.1:${ports.inventory}`,
    brokers: `127.0.0.1:${ports.kafka}`,
    registryUrl: `http://127.0.0.1:${ports.registry}/apis/ccompat/v7`,
    dataDir,
    exclusive: false,
  };
}

export interface Around {
  readonly report: Reporter;
  readonly signal: AbortSignal;
  /** Settings of the services that differ. */
  readonly serviceEnv?: Readonly<Record<string, string>>;
}

/** Does something with a stack of its own, on free ports, in a folder that goes when it ends. */
export async function withOwnSite<Result>(
  { report, signal, serviceEnv }: Around,
  use: (site: Site, stack: Stack) => Promise<Result>,
): Promise<Result> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'troupe-bench-'));
  try {
    const stack = await startStack({
      dataDir,
      ports: 'free',
      report,
      signal,
      serviceEnv: { ...PATIENT, ...serviceEnv },
      postgres: PATIENT_SLOTS,
    });
    try {
      const { brokers, registryUrl, serviceUrl, adminUrl } = stack.addresses;
      const [orderUrl, inventoryUrl] = [serviceUrl('order'), serviceUrl('inventory')];
      const own = { orderUrl, inventoryUrl, brokers, registryUrl, dataDir, exclusive: true, adminUrl };
      return await use({ ...own, pause: () => standStill(stack) }, stack);
    } finally {
      await stack.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** A backlog may be older than an order's deadline. */
const PATIENT = { ORDER_DEADLINE_MS: String(60 * 60 * 1_000) };
/** While a large backlog is placed, the other services stand still: their slots would be lost, and the outboxes published again. */
const PATIENT_SLOTS = { max_slot_wal_keep_size: '16GB' };

function standStill(stack: Stack): () => void {
  const others = serviceNames.filter((name) => name !== 'order').map((name) => stack.child(name));
  for (const child of others) child.kill('SIGSTOP');
  return () => {
    for (const child of others) child.kill('SIGCONT');
  };
}
