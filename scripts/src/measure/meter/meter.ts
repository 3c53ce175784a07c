import { StartError } from '@troupe/embedded';
import { sum } from '../statistics.ts';
import {
  type CpuTime,
  cpuTimes,
  isMeasurable,
  processesOf,
  type Resident,
  residents,
  type StackProcess,
} from './processes.ts';

/** What a process cost. */
export interface Cost {
  readonly name: string;
  readonly cpuMsPerSaga: number;
  readonly peakMegabytes: number;
}

export interface Costs {
  readonly processes: readonly Cost[];
  readonly cpuMsPerSaga: number;
  /** The most that all processes had at one moment: less than the sum of their peaks. */
  readonly peakMegabytes: number;
}

/** Seldom, since reading memory costs CPU. */
const LOOK_AT_MEMORY_MS = 5_000;

/** Reads CPU and memory of the processes of a stack while it works. */
export class Meter {
  readonly #processes: readonly StackProcess[];
  readonly #timer: NodeJS.Timeout;
  #peaks = new Peaks();

  /** Looks at the memory every five seconds from now on. Undefined when nothing can be measured here. */
  static of(dataDir: string): Meter | undefined {
    const processes = isMeasurable() ? processesOf(dataDir) : [];
    return processes.length === 0 ? undefined : new Meter(processes);
  }

  /** The same. @throws StartError when nothing can be measured here. */
  static required(dataDir: string): Meter {
    const meter = Meter.of(dataDir);
    if (meter === undefined)
      throw new StartError(['CPU and memory are read from /proc, which is not here: run it on Linux.']);
    return meter;
  }

  private constructor(processes: readonly StackProcess[]) {
    this.#processes = processes;
    this.#timer = setInterval(() => this.memory(), LOOK_AT_MEMORY_MS);
  }

  /** CPU until now. */
  cpu(): readonly CpuTime[] {
    return cpuTimes(this.#processes);
  }

  /** What is held now. */
  memory(): readonly Resident[] {
    const now = residents(this.#processes);
    this.#peaks.see(now);
    return now;
  }

  /** What one process holds now, looked at alone; 0 when there is none of that name. */
  megabytesOf(name: string): number {
    return residents(this.#processes.filter((process) => process.name === name))[0]?.megabytes ?? 0;
  }

  /** CPU until now; peaks of memory count from here. */
  begin(): readonly CpuTime[] {
    this.#peaks = new Peaks();
    this.memory();
    return this.cpu();
  }

  /** The cost of `sagas` from `begin` until now. */
  costs(begun: readonly CpuTime[], sagas: number): Costs {
    const now = this.cpu();
    this.memory();
    const processes = cpuPerSaga(begun, now, sagas).map((cost) => ({
      ...cost,
      peakMegabytes: this.#peaks.of(cost.name),
    }));
    const cpuMsPerSaga = sum(processes.map((cost) => cost.cpuMsPerSaga));
    return { processes, cpuMsPerSaga, peakMegabytes: this.#peaks.total };
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** The most that was seen. */
export class Peaks {
  readonly #byName = new Map<string, number>();
  #total = 0;

  see(now: readonly Pick<Resident, 'name' | 'megabytes'>[]): void {
    for (const { name, megabytes } of now) this.#byName.set(name, Math.max(this.of(name), megabytes));
    this.#total = Math.max(this.#total, sum(now.map(({ megabytes }) => megabytes)));
  }

  /** Of one process; 0 when it was never seen. */
  of(name: string): number {
    return this.#byName.get(name) ?? 0;
  }

  /** Of all processes at one moment: less than the sum of their peaks. */
  get total(): number {
    return this.#total;
  }
}

/** @throws StartError when a process is missing in one of the readings: it was restarted, and what it used is not known. */
export function cpuPerSaga(before: readonly CpuTime[], after: readonly CpuTime[], sagas: number) {
  return before.map(({ name, pid, cpuMs }) => {
    const later = after.find((usage) => usage.pid === pid);
    if (later === undefined)
      throw new StartError([
        `${name} ended during the measurement, so its CPU time is not known: the run has no figures.`,
      ]);
    return { name, cpuMsPerSaga: (later.cpuMs - cpuMs) / sagas };
  });
}
