import type { ServiceName } from '@troupe/services';
import { type Addresses, addressesOf, databaseOwners } from '../addresses.ts';
import type { Child } from '../children/child.ts';
import { claim } from '../children/launcher.ts';
import { endLeftovers, Supervisor } from '../children/supervisor.ts';
import { residentMegabytes } from '../machine/memory.ts';
import { freePorts } from '../machine/ports.ts';
import type { PostgresSettings } from '../postgres/server.ts';
import { type Reporter, silent } from '../reporter.ts';
import { secretsOf } from '../secrets.ts';
import { type Ports, type Settings, settingsFrom } from '../settings.ts';
import { composePassword } from './compose.ts';
import { type Context, stage } from './context.ts';
import { startParts, type Wanted } from './parts.ts';
import { type ProcessPlan, serviceSpec } from './processes.ts';

export interface StackOptions extends Wanted {
  /** Default: `TROUPE_DATA_DIR`, else `.troupe/data` in the project (with Docker `.troupe/data-docker`). */
  readonly dataDir?: string;
  /** `free` takes ports that nobody uses. Default: those of the environment. */
  readonly ports?: 'free' | Partial<Ports>;
  readonly report?: Reporter;
  /** Settings of the embedded PostgreSQL that differ, for tests. */
  readonly postgres?: PostgresSettings;
  /** Aborted: the start gives up, stops what it has started, and rejects. */
  readonly signal?: AbortSignal;
}

/** Resident memory of a process with its descendants. */
export interface MemoryUse {
  readonly name: string;
  readonly megabytes: number;
}

/** A further process of a service. */
export interface Joined {
  readonly child: Child;
  readonly url: string;
}

/** A running stack. */
export interface Stack {
  readonly settings: Settings;
  readonly addresses: Addresses;
  /** `order` … `notification`, `console`, `provider`, `carrier`, `mailbox`, and without Docker `kafka`, `postgres`, `registry`, `connect`. */
  child(name: string): Child;
  /**
   * Starts one more process of a service, on a port of its own, and resolves when it is ready. It is kept running, and
   * stopped, with the others. `env` adds to or replaces their environment.
   */
  join(service: ServiceName, env: Readonly<Record<string, string>>): Promise<Joined>;
  /** Every process, this one included as `launcher`; empty where the system does not tell. */
  memory(): MemoryUse[];
  /** Stops what was started, services first and PostgreSQL last, and nothing else. Never rejects; may be called twice. */
  stop(): Promise<void>;
}

/**
 * Starts everything and resolves when it is ready. When a step fails, or `signal` is aborted, what was started is stopped
 * before the promise rejects: with a StartError when the person who starts can do something about it. A data folder can
 * have one stack at a time.
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const settings = await settingsOf(options);
  const release = claim(settings.dataDir);
  const context = contextOf(settings, options);
  const stop = once(() => context.supervisor.stop().then(release));
  options.signal?.addEventListener('abort', stop);
  try {
    options.signal?.throwIfAborted();
    await endLeftovers({ dataDir: settings.dataDir, report: context.report });
    const plan = await startParts(context, options);
    context.supervisor.signal.throwIfAborted();
    return stackOf(context, plan, stop);
  } catch (error) {
    await stop();
    // A failure during the stop says nothing.
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', stop);
  }
}

/** The settings of the environment, with what these options change. */
export async function settingsOf({ dataDir, ports, docker }: StackOptions): Promise<Settings> {
  const settings = settingsFrom(process.env, docker ? '.troupe/data-docker' : '.troupe/data');
  return {
    ...settings,
    dataDir: dataDir ?? settings.dataDir,
    ports: ports === 'free' ? await freePorts() : { ...settings.ports, ...ports },
  };
}

export function contextOf(settings: Settings, options: StackOptions): Context {
  const { report = silent, docker, postgres = {} } = options;
  const kept = secretsOf(settings.dataDir, databaseOwners);
  const secrets = docker ? { ...kept, superuser: composePassword() } : kept;
  const supervisor = new Supervisor({ dataDir: settings.dataDir, report });
  // Tests clone the console's tables, too.
  const hasConsole = (options.console || options.templates) ?? false;
  return {
    settings,
    secrets,
    supervisor,
    report,
    postgres,
    hasConsole,
    addresses: addressesOf(settings.ports, secrets),
  };
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}

function stackOf(context: Context, plan: ProcessPlan, stop: () => Promise<void>): Stack {
  const { settings, addresses, supervisor } = context;
  return {
    settings,
    addresses,
    child: (name) => supervisor.child(name),
    join: (service, env) => joined(context, plan, { service, env }),
    memory: () =>
      [{ name: 'launcher', pid: process.pid }, ...supervisor.children].flatMap(({ name, pid }) => {
        const megabytes = pid === undefined ? undefined : residentMegabytes(pid);
        return megabytes === undefined ? [] : [{ name, megabytes }];
      }),
    stop,
  };
}

interface Joining {
  readonly service: ServiceName;
  readonly env: Readonly<Record<string, string>>;
}

async function joined({ supervisor, secrets }: Context, plan: ProcessPlan, { service, env }: Joining): Promise<Joined> {
  const ports = { ...plan.settings.ports, [service]: (await freePorts())[service] };
  const addresses = addressesOf(ports, secrets);
  const settings = { ...plan.settings, ports };
  const spec = serviceSpec({ settings, addresses, serviceEnv: { ...plan.serviceEnv, ...env } }, service);
  const number = 2 + supervisor.children.filter(({ name }) => name.startsWith(`${service}-`)).length;
  const child = supervisor.add(stage.services, { ...spec, name: `${service}-${number}` });
  await child.start();
  return { child, url: addresses.serviceUrl(service) };
}
