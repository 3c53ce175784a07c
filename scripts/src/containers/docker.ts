import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { StartError } from '@troupe/embedded';
import { requireEngine } from '../images/engine.ts';

const run = promisify(execFile);
const LARGEST_ANSWER = 64 * 1024 * 1024;
const LINES_OF_A_FAILURE = 30;

/** Runs `docker` with these arguments and resolves with what it printed. @throws Error with the end of what it said. */
export async function docker(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<string> {
  try {
    const { stdout } = await run('docker', args, { env, maxBuffer: LARGEST_ANSWER });
    return stdout;
  } catch (error) {
    const { stderr = '', stdout = '', code } = error as { stderr?: string; stdout?: string; code?: unknown };
    const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-LINES_OF_A_FAILURE).join('\n');
    throw new Error(`docker ${args.join(' ')} ended with ${code}:\n${said}`);
  }
}

/** @throws StartError that says what is missing, and how to get it, unless an engine answers and Compose is there. */
export async function requireCompose(): Promise<void> {
  await requireEngine();
  await run('docker', ['compose', 'version'], { timeout: 20_000 }).catch(() => {
    throw new StartError([
      'There is a Docker engine, and no Compose 2: docker compose version ends with an error. Install the plugin as ' +
        'https://docs.docker.com/compose/install/ says. On a Debian that is thrown away infra/images/engine.sh does it as root.',
    ]);
  });
}
