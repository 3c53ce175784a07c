import { type Addresses, type Reporter, type Stack, serviceNames, settingsFrom } from '@troupe/embedded';
import { withOwnStack } from '../stack/own-stack.ts';
import { mustBeReady } from '../stack/ready.ts';

/** The system to be measured. */
export interface Site extends Pick<Addresses, 'serviceUrl' | 'brokers' | 'registryUrl'> {
  /** Where its processes are written down. */
  readonly dataDir: string;
  /** The stack, when nobody else uses it. */
  readonly own?: OwnSite;
}

interface OwnSite {
  /** PostgreSQL's superuser. */
  readonly adminUrl: string;
  /** Stops every service but order. The returned function lets them go on. */
  pause(): () => void;
}

/** What runs already. @throws StartError when it does not. */
export async function runningSite(): Promise<Site> {
  const settings = settingsFrom(process.env);
  const { ports, dataDir } = settings;
  await mustBeReady(settings);
  return {
    serviceUrl: (service) => `http://127.0.0.1:${ports[service]}`,
    brokers: `127.0.0.1:${ports.kafka}`,
    registryUrl: `http://127.0.0.1:${ports.registry}/apis/ccompat/v7`,
    dataDir,
  };
}

export interface Around {
  readonly report: Reporter;
  readonly signal: AbortSignal;
  /** Further settings of the services. */
  readonly serviceEnv?: Readonly<Record<string, string>>;
  /** Whether the console runs beside them. Default: no. */
  readonly console?: boolean;
}

/** A backlog may be older than an order's deadline. */
const LONG_DEADLINES = { ORDER_DEADLINE_MS: String(60 * 60 * 1_000) };
/** Other services stand still while a large backlog is placed. With a smaller limit they would lose their slots and publish the outboxes again. */
const LARGE_SLOTS = { max_slot_wal_keep_size: '16GB' };

/** Gives `use` a stack of its own, with settings for measuring. */
export function withOwnSite<Result>(
  { serviceEnv, ...around }: Around,
  use: (site: Site, stack: Stack) => Promise<Result>,
): Promise<Result> {
  return withOwnStack(
    { ...around, serviceEnv: { ...LONG_DEADLINES, ...serviceEnv }, postgres: LARGE_SLOTS },
    (stack) => {
      const { adminUrl } = stack.addresses;
      const others = serviceNames.filter((name) => name !== 'order').map((name) => stack.child(name));
      const pause = (): (() => void) => standStill(others);
      return use({ ...stack.addresses, dataDir: stack.settings.dataDir, own: { adminUrl, pause } }, stack);
    },
  );
}

/** Stops processes with SIGSTOP. The returned function lets them go on. */
export function standStill(children: readonly { kill(signal: 'SIGSTOP' | 'SIGCONT'): unknown }[]): () => void {
  for (const child of children) child.kill('SIGSTOP');
  return () => {
    for (const child of children) child.kill('SIGCONT');
  };
}
