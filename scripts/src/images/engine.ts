import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { StartError } from '@troupe/embedded';

const run = promisify(execFile);

const REMEDY =
  'Install Docker as https://docs.docker.com/engine/install/ says, and start it. On a Debian or Ubuntu that is thrown away, as in CI, ' +
  'infra/images/engine.sh does both as root.';

/** Rejects with a StartError that says what is missing, unless a Docker engine answers. */
export async function requireEngine(): Promise<void> {
  try {
    await run('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: 20_000 });
  } catch (error) {
    throw new StartError([`No Docker engine: ${reasonOf(error)}. ${REMEDY}`]);
  }
}

function reasonOf(error: unknown): string {
  const { code, stderr = '', message } = error as { code?: string; stderr?: string; message: string };
  if (code === 'ENOENT') return 'there is no program docker in PATH';
  return (stderr.trim() || message).split('\n')[0]?.replace(/\.$/, '') ?? message;
}
