import { rmSync } from 'node:fs';
import { type Reporter, type Stack, type StackOptions, startStack, temporaryDataDir } from '@troupe/embedded';

export interface OwnStackOptions extends Omit<StackOptions, 'dataDir' | 'ports' | 'signal'> {
  readonly report: Reporter;
  readonly signal?: AbortSignal | undefined;
}

/** A stack that nobody else uses: on free ports, in a new data folder that is deleted when it is closed. */
export interface OwnStack {
  readonly stack: Stack;
  close(): Promise<void>;
}

export async function openOwnStack({ signal, ...options }: OwnStackOptions): Promise<OwnStack> {
  const dataDir = await temporaryDataDir(options.report);
  const forget = (): void => rmSync(dataDir, { recursive: true, force: true });
  try {
    const stack = await startStack({ ...options, ...(signal && { signal }), dataDir, ports: 'free' });
    return { stack, close: () => stack.stop().then(forget) };
  } catch (error) {
    forget();
    throw error;
  }
}

/** Gives `use` a new folder for the data of a stack, and deletes it afterwards. */
export async function withDataDir<Result>(
  report: Reporter,
  use: (dataDir: string) => Promise<Result>,
): Promise<Result> {
  const dataDir = await temporaryDataDir(report);
  try {
    return await use(dataDir);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

export async function withOwnStack<Result>(
  options: OwnStackOptions,
  use: (stack: Stack) => Promise<Result>,
): Promise<Result> {
  const { stack, close } = await openOwnStack(options);
  try {
    return await use(stack);
  } finally {
    await close();
  }
}
