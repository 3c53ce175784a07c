import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { nodeRuntime, type PortName, portVariable, type Stack } from '@troupe/embedded';

/** What `npm run <name> -- <options>` runs, as a process of its own, against a stack. */
export class Command {
  readonly #process: ChildProcess;
  readonly #ended: Promise<readonly [code: number | null, signal: NodeJS.Signals | null]>;
  readonly #said: string[] = [];
  readonly #result: string[] = [];

  constructor({ settings }: Stack, name: string, ...options: readonly string[]) {
    const ports = Object.entries(settings.ports).map(([part, port]) => [portVariable(part as PortName), String(port)]);
    const env = { ...process.env, ...Object.fromEntries(ports), TROUPE_DATA_DIR: settings.dataDir };
    const program = path.join(settings.home, 'scripts/dist/src', `${name}.js`);
    this.#process = spawn(nodeRuntime().command, [program, ...options], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const output of [this.#process.stdout, this.#process.stderr])
      output?.setEncoding('utf8').on('data', (text: string) => this.#said.push(text));
    this.#process.stdout?.on('data', (text: string) => this.#result.push(text));
    this.#ended = once(this.#process, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  }

  /** Resolves when it has ended well, with its standard output. @throws Error with all that it said otherwise */
  async succeeded(): Promise<string> {
    const [code, signal] = await this.#ended;
    if (code !== 0) throw new Error(`It ended with ${signal ?? code}:\n${this.#said.join('')}`);
    return this.#result.join('');
  }

  /** Resolves when it has ended, well or not. */
  async over(): Promise<void> {
    await this.#ended;
  }

  /** Resolves when it is gone, with what ended it. */
  async killed(): Promise<NodeJS.Signals | null> {
    this.#process.kill('SIGKILL');
    const [, signal] = await this.#ended;
    return signal;
  }
}
