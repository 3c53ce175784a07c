import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { StartError } from '@troupe/embedded';
import { HttpClient } from '../../measure/http-client.ts';
import type { TraceSummary } from './traces.ts';

/** A process that receives and counts spans. It is no part of the stack, so its CPU is counted apart. */
export class SinkProcess {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #client = new HttpClient();

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(): Promise<SinkProcess> {
    const child = fork(new URL('./sink.js', import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const ended = once(child, 'exit').then(([code]) => {
      throw new StartError([`The process that receives the spans ended with ${code} before it was ready.`]);
    });
    const [port] = await Promise.race([once(child, 'message'), ended]);
    return new SinkProcess(child, port as number);
  }

  async cpuMs(): Promise<number> {
    return (await this.#client.wanted<{ readonly cpuMs: number }>(`${this.url}/cpu`)).cpuMs;
  }

  /** All traces of which something has arrived, by id. */
  async traces(): Promise<ReadonlyMap<string, TraceSummary>> {
    const { traces } = await this.#client.wanted<{ readonly traces: readonly TraceSummary[] }>(`${this.url}/traces`);
    return new Map(traces.map((trace) => [trace.traceId, trace]));
  }

  stop(): void {
    this.#client.close();
    this.#child.disconnect();
  }
}
