import { rmSync } from 'node:fs';
import type { Site } from '@troupe/audit';
import { type RelayName, type Reporter, type Stack, startStack, temporaryDataDir } from '@troupe/embedded';

/** A stack to be attacked: it belongs to nobody else, and goes when the attack is over. */
export interface Arena {
  readonly stack: Stack;
  /** Where the audit looks. */
  readonly site: Site;
}

interface Around {
  readonly report: Reporter;
  readonly signal?: AbortSignal;
  /** What publishes the outboxes. Default: `logical`. */
  readonly relay?: RelayName;
}

/** No order may end because of the clock: each shows whether it was lost. What waits for a time waits for a short one. */
const SETTINGS = {
  ORDER_DEADLINE_MS: '3600000',
  APPROVAL_TIMEOUT_MS: '3000',
  REFUND_RETRY_MS: '200',
  CANCEL_RETRY_MS: '200',
  LOG_LEVEL: 'warn',
};

export interface OpenArena extends Arena {
  close(): Promise<void>;
}

/** A stack of its own, on free ports, in a folder that goes when it is closed. */
export async function openArena({ report, signal, relay = 'logical' }: Around): Promise<OpenArena> {
  const dataDir = await temporaryDataDir(report);
  const forget = (): void => rmSync(dataDir, { recursive: true, force: true });
  try {
    const given = { dataDir, ports: 'free', serviceEnv: SETTINGS, relay, report } as const;
    const stack = await startStack({ ...given, ...(signal && { signal }) });
    const close = (): Promise<void> => stack.stop().then(forget);
    return { stack, site: siteOf(stack), close };
  } catch (error) {
    forget();
    throw error;
  }
}

/** Does something with such a stack. */
export async function withArena<Result>(around: Around, use: (arena: Arena) => Promise<Result>): Promise<Result> {
  const arena = await openArena(around);
  try {
    return await use(arena);
  } finally {
    await arena.close();
  }
}

/** Where an audit of a stack looks. */
export function siteOf({ addresses: { brokers, databaseUrl, sandboxUrl } }: Stack): Site {
  return { databaseUrl, brokers, providerUrl: sandboxUrl('provider'), carrierUrl: sandboxUrl('carrier') };
}
