import { StartError } from '@troupe/embedded';
import { isMeasurable, processesOf, type StackProcess, type Usage, usages } from './processes.ts';

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

const SAMPLE_EVERY_MS = 1_000;

/** Reads CPU and memory of the processes of a stack while it works. */
export class Meter {
  readonly #processes: readonly StackProcess[];
  readonly #peaks = new Map<string, number>();
  #peakTotal = 0;
  readonly #timer: NodeJS.Timeout;

  /** Starts at once to look at the memory, every second. Undefined when nothing can be measured here. */
  static of(dataDir: string): Meter | undefined {
    const processes = isMeasurable() ? processesOf(dataDir) : [];
    return processes.length === 0 ? undefined : new Meter(processes);
  }

  private constructor(processes: readonly StackProcess[]) {
    this.#processes = processes;
    this.#timer = setInterval(() => this.read(), SAMPLE_EVERY_MS);
  }

  /** What is used now. */
  read(): readonly Usage[] {
    const now = usages(this.#processes);
    for (const { name, megabytes } of now) this.#peaks.set(name, Math.max(this.#peaks.get(name) ?? 0, megabytes));
    this.#peakTotal = Math.max(
      this.#peakTotal,
      now.reduce((sum, { megabytes }) => sum + megabytes, 0),
    );
    return now;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** The cost of `sagas` between two readings, with the memory of the whole time. */
  costs(before: readonly Usage[], after: readonly Usage[], sagas: number): Costs {
    const processes = cpuPerSaga(before, after, sagas).map(({ name, cpuMsPerSaga }) => ({
      ...{ name, cpuMsPerSaga },
      peakMegabytes: this.#peaks.get(name) ?? 0,
    }));
    const cpuMsPerSaga = processes.reduce((sum, cost) => sum + cost.cpuMsPerSaga, 0);
    return { processes, cpuMsPerSaga, peakMegabytes: this.#peakTotal };
  }
}

/** @throws StartError when a process is missing in one of the readings: it was restarted, and what it used is not known. */
export function cpuPerSaga(before: readonly Usage[], after: readonly Usage[], sagas: number) {
  return before.map(({ name, pid, cpuMs }) => {
    const later = after.find((usage) => usage.pid === pid);
    if (later === undefined)
      throw new StartError([
        `${name} ended during the measurement, so its CPU time is not known: the run has no figures.`,
      ]);
    return { name, cpuMsPerSaga: (later.cpuMs - cpuMs) / sagas };
  });
}
