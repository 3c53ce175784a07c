import { PEERS } from '../../../peers/peer.ts';
import type { Cost } from '../../measure/meter/meter.ts';
import { type Latency, sum } from '../../measure/statistics.ts';

export const SYSTEMS = ['ours', ...PEERS] as const;
export type SystemName = (typeof SYSTEMS)[number];
/** Systems that make every call to the outside in any case; the others come in two forms. */
export const alwaysWhole = (system: SystemName): boolean => system === 'ours' || system === 'bare';

/** What one run of one system came to. */
export interface RunFigures {
  readonly sagasPerSecond: number;
  /** Of all processes of the system, database and broker among them, without the stand-ins for the outside. */
  readonly cpuMsPerSaga: number;
  /** Of the stand-ins for the outside. */
  readonly outsideCpuMsPerSaga: number;
  /** Of the client. */
  readonly driverCpuMsPerSaga: number;
  readonly transactionsPerSaga: number;
  readonly walBytesPerSaga: number;
  /** 20 orders per second. */
  readonly calm: Latency;
  /** 200 orders per second. */
  readonly busy: Latency;
  /** For systems in which orders can wait while what is behind the order service stands still. */
  readonly backlog?: { readonly sagasPerSecond: number; readonly cpuMsPerSaga: number };
  /** One product for all orders, 256 in flight; older figures do not have it. */
  readonly hot?: Hot;
  readonly processes: readonly Cost[];
}

export interface Hot {
  readonly sagasPerSecond: number;
  readonly cpuMsPerSaga: number;
  /** Of the same orders over many products, right before. */
  readonly manySagasPerSecond: number;
}

/** Stand-ins for the outside. They are no part of any system, and the same for all. */
const OUTSIDE: ReadonlySet<string> = new Set(['provider', 'carrier', 'mailbox']);

/** CPU of the system, and of the outside. */
export function split(processes: readonly Pick<Cost, 'name' | 'cpuMsPerSaga'>[]) {
  const cpuOf = (outside: boolean): number =>
    sum(processes.filter(({ name }) => OUTSIDE.has(name) === outside).map((cost) => cost.cpuMsPerSaga));
  return { cpuMsPerSaga: cpuOf(false), outsideCpuMsPerSaga: cpuOf(true) };
}
