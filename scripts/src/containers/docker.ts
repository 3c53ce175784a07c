import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { StartError, whyNotAnswered } from '@troupe/embedded';

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

/** How to get an engine and Compose. */
const REMEDY =
  'Install Docker as https://docs.docker.com/engine/install/ says, and start it. On a Debian or Ubuntu that is thrown away, as in CI, ' +
  'infra/images/engine.sh does both as root.';

/** @throws StartError that says what is missing, and how to get it, unless an engine answers */
export async function requireEngine(): Promise<void> {
  await answered(['version', '--format', '{{.Server.Version}}'], 'No Docker engine');
}

/** @throws StartError that says what is missing, and how to get it, unless an engine answers and Compose is there */
export async function requireCompose(): Promise<void> {
  await requireEngine();
  await answered(['compose', 'version'], 'No Docker Compose 2');
}

async function answered(args: readonly string[], without: string): Promise<void> {
  const why = await whyNotAnswered(args);
  if (why !== undefined) throw new StartError([`${without}: ${why}. ${REMEDY}`]);
}
