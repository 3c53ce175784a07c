import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { StartError } from '@troupe/embedded';

const run = promisify(execFile);
const LARGEST_ANSWER = 64 * 1024 * 1024;

/** Runs `docker` with these arguments and resolves with what it printed. @throws Error with the end of what it said. */
export async function docker(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<string> {
  try {
    const { stdout } = await run('docker', args, { env, maxBuffer: LARGEST_ANSWER });
    return stdout;
  } catch (error) {
    const { stderr = '', stdout = '', code } = error as { stderr?: string; stdout?: string; code?: unknown };
    const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-30).join('\n');
    throw new Error(`docker ${args.join(' ')} ended with ${code}:\n${said}`);
  }
}

/** @throws StartError that says what is missing, and how to get it, unless an engine answers and Compose is there. */
export async function requireEngine(): Promise<void> {
  try {
    await run('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: 20_000 });
    await run('docker', ['compose', 'version'], { timeout: 20_000 });
  } catch (error) {
    const { code, stderr, message } = error as { code?: string; stderr?: string; message: string };
    const why = code === 'ENOENT' ? 'there is no program docker in PATH' : (stderr?.trim() || message).split('\n')[0];
    throw new StartError([
      `A Docker engine with Compose 2 is needed, and ${why}. Start Docker. On a Debian machine that is thrown away, as in CI, ` +
        'run infra/images/engine.sh as root: it installs and starts both.',
    ]);
  }
}
