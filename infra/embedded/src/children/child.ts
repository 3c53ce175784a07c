import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Reporter } from '../reporter.ts';
import { StartError } from '../settings.ts';
import { end } from './ending.ts';
import { logFileOf, openLog, sizeOf, tailOf } from './log-file.ts';
import { forget, remember } from './pid-files.ts';

/** A process to run. */
export interface ChildSpec {
  /** Names its log and its pid file. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Its whole environment. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Resolves with undefined when the process can be used, else with the reason why it cannot yet. Never rejects. */
  readonly notReady: () => Promise<string | undefined>;
  readonly readyWithinMs: number;
  readonly stopSignals: readonly NodeJS.Signals[];
  readonly stopWithinMs: number;
}

/** Where a child writes its log and pid file, and where its failures are reported. */
export interface Surroundings {
  readonly dataDir: string;
  readonly report: Reporter;
}

export type ChildState = 'stopped' | 'starting' | 'ready' | 'restarting' | 'stopping';

const pollMs = 50;
const firstBackoffMs = 500;
const longestBackoffMs = 30_000;
/** A process that lived this long starts again with the shortest wait. */
const healthyMs = 60_000;

/**
 * A process that is kept running: when it ends unasked, this is reported and it starts again, after 0.5 s, doubled with
 * each failure in a row up to 30 s. It is a process group of its own, so that Ctrl-C in a terminal reaches the launcher
 * alone, which then stops everything in order.
 */
export class Child {
  readonly name: string;
  readonly logFile: string;
  readonly #spec: ChildSpec;
  readonly #surroundings: Surroundings;
  #state: ChildState = 'stopped';
  #process: ChildProcess | undefined;
  #startedAt = 0;
  #logStart = 0;
  #failures = 0;
  #lastEnd = 'ended';
  #reviving: AbortController | undefined;

  constructor(spec: ChildSpec, surroundings: Surroundings) {
    this.name = spec.name;
    this.logFile = logFileOf(surroundings.dataDir, spec.name);
    this.#spec = spec;
    this.#surroundings = surroundings;
  }

  get state(): ChildState {
    return this.#state;
  }

  /** Undefined while the process is not there. */
  get pid(): number | undefined {
    return this.#isRunning() ? this.#process?.pid : undefined;
  }

  /**
   * Starts the process and waits until it is ready. Rejects, leaving no process, when it ends first or takes too long.
   *
   * @param extra environment variables for this launch only: when it ends and is started again, it is without them.
   */
  async start(extra: NodeJS.ProcessEnv = {}): Promise<void> {
    if (this.#state !== 'stopped') return;
    this.#state = 'starting';
    this.#failures = 0;
    this.#launch(extra);
    try {
      await this.#untilReady(this.#spec.readyWithinMs);
      this.#becomeReady();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Stops the process, and no longer restarts it. */
  async stop(): Promise<void> {
    this.#state = 'stopping';
    this.#reviving?.abort();
    const pid = this.pid;
    if (pid !== undefined) await this.#end(pid);
    this.#state = 'stopped';
  }

  /** As `start`, of a process that may be running. */
  async restart(extra: NodeJS.ProcessEnv = {}): Promise<void> {
    await this.stop();
    await this.start(extra);
  }

  /** Sends a signal, as a fault would. A process that ends by it is reported and started again. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.#process?.kill(signal);
  }

  /** Resolves when the process is ready, also after a restart that is under way. */
  async ready(withinMs = this.#spec.readyWithinMs): Promise<void> {
    const end = Date.now() + withinMs;
    while (this.#state !== 'ready') {
      if (Date.now() > end) throw new Error(`${this.name} is ${this.#state} and not ready after ${withinMs} ms.`);
      await sleep(pollMs);
    }
  }

  #isRunning(): boolean {
    const child = this.#process;
    return child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
  }

  #launch(extra: NodeJS.ProcessEnv = {}): void {
    const { command, args, cwd, user, name, stopSignals } = this.#spec;
    const env = { ...this.#spec.env, ...extra };
    const log = openLog(this.logFile);
    this.#logStart = sizeOf(log);
    const child = spawn(command, args, { env, cwd, ...user, detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    this.#process = child;
    this.#startedAt = Date.now();
    if (child.pid !== undefined) remember(this.#surroundings.dataDir, name, child.pid, stopSignals);
    child.once('error', (error) => this.#ended(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => this.#ended(signal ? `was ended by ${signal}` : `ended with code ${code}`));
  }

  #ended(how: string): void {
    forget(this.#surroundings.dataDir, this.name);
    this.#lastEnd = how;
    if (this.#state === 'ready') void this.#revive(how);
  }

  #becomeReady(): void {
    this.#state = 'ready';
    // It may have ended between the last look and now.
    if (!this.#isRunning()) void this.#revive(this.#lastEnd);
  }

  async #revive(how: string): Promise<void> {
    this.#state = 'restarting';
    this.#reviving = new AbortController();
    const { signal } = this.#reviving;
    const { report } = this.#surroundings;
    let reason = how;
    while (!signal.aborted) {
      const waitMs = this.#backoff();
      report.warn(`${this.name} ${reason}; restarting it in ${waitMs / 1000} s.${this.#lastLines()}`);
      await sleep(waitMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      this.#launch();
      try {
        await this.#untilReady(Number.POSITIVE_INFINITY, signal);
        if (signal.aborted) return;
        report.note(`${this.name} is ready again.`);
        return this.#becomeReady();
      } catch {
        reason = this.#lastEnd;
      }
    }
  }

  #backoff(): number {
    if (Date.now() - this.#startedAt > healthyMs) this.#failures = 0;
    return Math.min(firstBackoffMs * 2 ** this.#failures++, longestBackoffMs);
  }

  async #untilReady(withinMs: number, signal?: AbortSignal): Promise<void> {
    const end = Date.now() + withinMs;
    // A program that cannot be started reports why in the next turn.
    await nextTurn();
    for (;;) {
      if (signal?.aborted) return;
      if (!this.#isRunning()) throw new StartError([`${this.name} ${this.#lastEnd}.${this.#lastLines()}`]);
      const reason = await this.#spec.notReady();
      if (reason === undefined) return;
      if (Date.now() > end)
        throw new StartError([`${this.name} is not ready after ${withinMs / 1000} s: ${reason}${this.#lastLines()}`]);
      await sleep(pollMs);
    }
  }

  async #end(pid: number): Promise<void> {
    const { stopSignals, stopWithinMs } = this.#spec;
    const exit = this.#process && once(this.#process, 'exit');
    const gentle = await end(pid, { signals: stopSignals, eachMs: stopWithinMs, ended: () => !this.#isRunning() });
    await exit;
    if (!gentle)
      this.#surroundings.report.warn(`${this.name} did not stop within ${stopWithinMs / 1000} s and was killed.`);
  }

  /** A process that was ended by a signal has not logged why. */
  #lastLines(): string {
    const tail = this.#process?.signalCode ? '' : tailOf(this.logFile, this.#logStart);
    return tail === '' ? ` Log: ${this.logFile}` : `\n${tail.replace(/^/gm, '    ')}\n    (${this.logFile})`;
  }
}
