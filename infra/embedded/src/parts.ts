import { allOf } from './children/supervisor.ts';
import { composeServiceEnv, startCompose } from './compose.ts';
import { type Context, stage } from './context.ts';
import { startEmbedded } from './embedded.ts';
import { portsAreFree, preflight } from './machine/preflight.ts';
import { makeTemplates } from './postgres/databases.ts';
import { type ProcessPlan, sandboxSpec, serviceSpec } from './processes.ts';
import { type PortName, type ServiceName, sandboxNames, serviceNames } from './settings.ts';

/** Which parts of a stack to start, and how. */
export interface Wanted {
  /** The services to start; the sandboxes start when there is at least one. Default: all. */
  readonly services?: 'all' | readonly ServiceName[];
  /** Environment variables for every service, such as ORDER_DEADLINE_MS. */
  readonly serviceEnv?: Readonly<Record<string, string>>;
  /** Makes `template_<service>` databases for tests to clone. */
  readonly templates?: boolean;
  /** PostgreSQL, Kafka and registry in containers instead of processes. */
  readonly docker?: boolean;
}

const infrastructurePorts = ['postgres', 'kafka', 'kafkaController', 'registry'] as const;
const infrastructureMegabytes = 800;
const serviceMegabytes = 150;

/** Starts the parts in the order in which they need one another, and at once what can. */
export async function startParts(context: Context, wanted: Wanted): Promise<void> {
  const services = wanted.services === undefined || wanted.services === 'all' ? serviceNames : wanted.services;
  const infrastructure = await look(context, services, wanted.docker === true);
  const plan: ProcessPlan = {
    settings: context.settings,
    addresses: context.addresses,
    serviceEnv: { ...(wanted.docker && composeServiceEnv()), ...wanted.serviceEnv },
  };
  await allOf(context.supervisor, [infrastructure(), ...(services.length > 0 ? [startSandboxes(context, plan)] : [])]);
  if (wanted.templates) await makeTemplates(context.addresses.adminUrl, serviceNames);
  if (services.length > 0) await startServices(context, plan, services);
}

/** Looks whether the machine can do it, and returns what starts the infrastructure. */
async function look(context: Context, services: readonly ServiceName[], docker: boolean): Promise<() => Promise<void>> {
  const { settings, report } = context;
  const own: PortName[] = services.length > 0 ? [...services, ...sandboxNames, 'smtp'] : [];
  if (docker) {
    await portsAreFree(settings, own);
    return () => startCompose(context);
  }
  const memoryMegabytes = infrastructureMegabytes + services.length * serviceMegabytes;
  const machine = await preflight(settings, { ports: [...infrastructurePorts, ...own], memoryMegabytes }, report);
  return () => startEmbedded(context, machine);
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
