import type { Addresses } from '../addresses.ts';
import type { Child, ChildSpec } from '../children/child.ts';
import { claim } from '../children/launcher.ts';
import { allOf, endLeftovers } from '../children/supervisor.ts';
import { kafkaDownload } from '../downloads/parts.ts';
import { preflight } from '../machine/preflight.ts';
import { type Reporter, silent } from '../reporter.ts';
import { sandboxNames } from '../settings.ts';
import { type Context, stage } from './context.ts';
import { downloadMissing, startBroker, startDatabases } from './embedded.ts';
import { sandboxSpec } from './processes.ts';
import { contextOf, settingsOf } from './stack.ts';

export interface GroundOptions {
  readonly dataDir: string;
  /** Whether there is a broker; it has no topics. */
  readonly kafka: boolean;
  readonly report?: Reporter;
  /** Aborted: the start gives up, stops what it has started, and rejects. */
  readonly signal?: AbortSignal;
}

/** Infrastructure without our services, for another system. */
export interface Ground {
  readonly addresses: Addresses;
  /** Starts a process of that system and waits until it is ready; it stops before everything else. */
  run(spec: ChildSpec): Promise<Child>;
  /** Never rejects; may be called twice. */
  stop(): Promise<void>;
}

/**
 * PostgreSQL with empty databases, the sandboxes and, when asked for, Kafka: with the settings that our services have, on
 * free ports, without our services. For measuring other systems under the same conditions.
 */
export async function startGround({ dataDir, kafka, report = silent, signal }: GroundOptions): Promise<Ground> {
  const settings = await settingsOf({ dataDir, ports: 'free' });
  const release = claim(dataDir);
  const context = contextOf(settings, { report });
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= context.supervisor.stop().then(release);
    return stopped;
  };
  signal?.addEventListener('abort', stop);
  try {
    signal?.throwIfAborted();
    await endLeftovers({ dataDir, report });
    await startAll(context, kafka);
    return { addresses: context.addresses, run: (spec) => running(context, spec), stop };
  } catch (error) {
    await stop();
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

async function startAll(context: Context, kafka: boolean): Promise<void> {
  const { settings, addresses, report, supervisor } = context;
  const needs = {
    downloads: kafka ? [kafkaDownload] : [],
    ports: [...sandboxNames, 'smtp', 'postgres', ...(kafka ? (['kafka', 'kafkaController'] as const) : [])] as const,
    memoryMegabytes: kafka ? 1_000 : 700,
  };
  const machine = await preflight(settings, needs, report);
  await downloadMissing(context, machine);
  const sandboxes = sandboxNames.map((name) => sandboxSpec({ settings, addresses, serviceEnv: {} }, name));
  await allOf(supervisor, [
    startDatabases(context),
    ...(kafka ? [report.step('Kafka', () => startBroker(context, machine))] : []),
    ...sandboxes.map((spec) => supervisor.add(stage.sandboxes, spec).start()),
  ]);
}

async function running({ supervisor }: Context, spec: ChildSpec): Promise<Child> {
  const child = supervisor.add(stage.services, spec);
  await child.start();
  return child;
}
