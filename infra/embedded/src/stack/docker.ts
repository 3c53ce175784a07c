import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Why a look by `docker` fails, as the end of a sentence; undefined when it is answered. */
export async function whyNotAnswered(args: readonly string[]): Promise<string | undefined> {
  try {
    await run('docker', args, { timeout: 20_000 });
    return undefined;
  } catch (error) {
    const { code, stderr = '', message } = error as { code?: string; stderr?: string; message: string };
    if (code === 'ENOENT') return 'there is no program docker in PATH';
    return (stderr.trim() || message).split('\n')[0]?.replace(/[.?]$/, '') ?? message;
  }
}

export interface Following {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /** Told each line, trimmed. */
  update?(line: string): void;
}

/** Runs `docker` to its end. Resolves with its code and all lines that it has printed. */
export async function followDocker(
  args: readonly string[],
  { update, signal, ...where }: Following = {},
): Promise<{ readonly code: number | null; readonly lines: readonly string[] }> {
  const child = spawn('docker', args, {
    ...where,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal && { signal }),
  });
  const closed = once(child, 'close');
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      update?.(line.trim());
    });
  }
  const [code] = (await closed) as [number | null];
  return { code, lines };
}
