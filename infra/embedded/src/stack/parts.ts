import { makeTemplates } from '@troupe/deploy';
import { type ServiceName, serviceNames } from '@troupe/services';
import { allOf } from '../children/supervisor.ts';
import { keepConnectors, startWorker } from '../connect/debezium.ts';
import { connectDownload, kafkaDownload, registryDownload } from '../downloads/parts.ts';
import { Lab } from '../lab/lab.ts';
import { type LabAddress, serveLab } from '../lab/server.ts';
import { portsAreFree, preflight } from '../machine/preflight.ts';
import { type PortName, type RelayName, sandboxNames } from '../settings.ts';
import { composeConsoleEnv, composeServiceEnv, keepComposeConnectors, startCompose } from './compose.ts';
import { type Context, stage } from './context.ts';
import { releaseSlots } from './deploy.ts';
import { startEmbedded } from './embedded.ts';
import { consoleSpec, type ProcessPlan, sandboxSpec, serviceSpec } from './processes.ts';

/** Which parts of a stack to start, and how. */
export interface Wanted {
  /** The services to start; the sandboxes start when there is at least one. Default: all. */
  readonly services?: 'all' | readonly ServiceName[];
  /** The console beside the services, which send it their traces unless they have another place for them. Default: none. */
  readonly console?: boolean;
  /** Environment variables for every service, such as ORDER_DEADLINE_MS. */
  readonly serviceEnv?: Readonly<Record<string, string>>;
  /** Makes `template_<service>` databases for tests to clone. */
  readonly templates?: boolean;
  /** PostgreSQL, Kafka and registry in containers instead of processes. */
  readonly docker?: boolean;
  /** What publishes the outboxes of the services. Default: `logical`. */
  readonly relay?: RelayName;
}

const infrastructurePorts = ['postgres', 'kafka', 'kafkaController', 'registry'] as const;
const infrastructureMegabytes = 800;
const serviceMegabytes = 150;
const consoleMegabytes = 200;
const connectMegabytes = 300;

/**
 * Starts the parts in the order in which they need one another; independent parts start together. Returns what the
 * services were given.
 */
export async function startParts(context: Context, wanted: Wanted): Promise<ProcessPlan> {
  const services = wanted.services === undefined || wanted.services === 'all' ? serviceNames : wanted.services;
  const relay = wanted.relay ?? 'logical';
  const infrastructure = await look(context, { ...wanted, services, relay });
  const plan: ProcessPlan = {
    settings: context.settings,
    addresses: context.addresses,
    serviceEnv: {
      RELAY: relay === 'debezium' ? 'none' : relay,
      ...unlessSet({
        ...(wanted.docker && composeServiceEnv()),
        ...(wanted.console && consoleServiceEnv(context)),
      }),
      ...wanted.serviceEnv,
    },
  };
  const { supervisor, addresses } = context;
  await allOf(supervisor, [infrastructure.start(), ...(services.length > 0 ? [startSandboxes(context, plan)] : [])]);
  if (wanted.templates) await makeTemplates(addresses.adminUrl, [...serviceNames, 'console']);
  if (services.length === 0) return plan;
  if (relay === 'polling') await releaseSlots(context, services);
  const startsConsole = wanted.console && (await readyConsole(context, plan, { ...wanted, services, relay }));
  await allOf(supervisor, [
    startServices(context, plan, services),
    ...(startsConsole ? [startsConsole()] : []),
    ...(relay === 'debezium' ? [context.report.step('Debezium', () => infrastructure.relay())] : []),
  ]);
  return plan;
}

interface Infrastructure {
  start(): Promise<void>;
  /** Debezium for the outboxes of the services, once they are there. */
  relay(): Promise<void>;
}

interface Asked extends Wanted {
  readonly services: readonly ServiceName[];
  readonly relay: RelayName;
}

/** Checks the machine, and returns what starts the infrastructure. */
async function look(context: Context, { services, relay, docker, console = false }: Asked): Promise<Infrastructure> {
  const { settings, report } = context;
  const debezium = relay === 'debezium' && services.length > 0;
  const own: PortName[] = services.length > 0 ? [...services, ...sandboxNames, 'smtp'] : [];
  if (console) own.push('console');
  if (docker) {
    await portsAreFree(settings, own);
    return { start: () => startCompose(context, debezium), relay: () => keepComposeConnectors(context, services) };
  }
  const machine = await preflight(
    settings,
    {
      downloads: [kafkaDownload, registryDownload, ...(debezium ? [connectDownload] : [])],
      ports: [...infrastructurePorts, ...(debezium ? (['connect'] as const) : []), ...own],
      memoryMegabytes:
        infrastructureMegabytes +
        services.length * serviceMegabytes +
        (console ? consoleMegabytes : 0) +
        (debezium ? connectMegabytes : 0),
    },
    report,
  );
  return {
    start: () => startEmbedded(context, machine),
    relay: async () => {
      await startWorker(context, machine.java, services);
      await keepConnectors(context, services);
    },
  };
}

async function startSandboxes({ supervisor, report }: Context, plan: ProcessPlan): Promise<void> {
  const children = sandboxNames.map((name) => supervisor.add(stage.sandboxes, sandboxSpec(plan, name)));
  await report.step('Sandboxes', () =>
    allOf(
      supervisor,
      children.map((child) => child.start()),
    ),
  );
}

async function startServices(
  { supervisor, report }: Context,
  plan: ProcessPlan,
  names: readonly ServiceName[],
): Promise<void> {
  const children = names.map((name) => supervisor.add(stage.services, serviceSpec(plan, name)));
  await report.step('Services', () =>
    allOf(
      supervisor,
      children.map((child) => child.start()),
    ),
  );
}

/** Faults to be switched on in the console, where a person has started the stack to look at it. */
async function openLab(context: Context, { services, relay, docker = false }: Asked): Promise<LabAddress> {
  const lab = new Lab(context, { services, relay, ownInfrastructure: !docker });
  const address = await serveLab(lab);
  context.supervisor.atTheEnd(() => address.close());
  context.supervisor.signal.addEventListener('abort', () => void lab.allOff().catch(() => undefined));
  return address;
}

/** Opens the lab, and returns what starts the console. */
async function readyConsole(context: Context, plan: ProcessPlan, asked: Asked): Promise<() => Promise<void>> {
  const { supervisor, report } = context;
  const { url, token } = await openLab(context, asked);
  const env = { LAB_URL: url, LAB_TOKEN: token, ...(asked.docker && unlessSet(composeConsoleEnv())) };
  const child = supervisor.add(stage.console, consoleSpec(plan, env));
  return () => report.step('Console', () => child.start());
}

/** Settings of services beside a console: it takes their spans, and their answers link it. */
function consoleServiceEnv({ settings, addresses }: Context): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: addresses.consoleUrl,
    CONSOLE_LINK_TEMPLATE: `http://localhost:${settings.ports.console}/sagas/{orderId}`,
  };
}

/** What the user has set in the environment of the start goes before what a stack would set. */
function unlessSet(wanted: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(wanted).filter(([name]) => !process.env[name]));
}
