import { execFile } from 'node:child_process';
import { chownSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import type { ChildSpec } from '../children/child.ts';
import type { Secrets } from '../secrets.ts';
import { StartError } from '../settings.ts';
import { type Account, makeFolderFor } from './account.ts';
import type { Place } from './place.ts';

const run = promisify(execFile);

/** Each role reaches the database of its own name and no other, with its password; the superuser reaches all. */
const accessRules = `
host  all       postgres  127.0.0.1/32  scram-sha-256
host  sameuser  all       127.0.0.1/32  scram-sha-256
`;

/** For tests: settings of the server that differ. */
export type PostgresSettings = Readonly<Record<string, string>>;

/** A commit is on disk when it is answered: fsync and synchronous_commit stay on, as they are by default. */
const flags = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  wal_level: 'logical',
  max_replication_slots: '64',
  max_wal_senders: '64',
  // A slot that nobody reads must not fill the disk. It is lost when it lags by more than this, and its relay repairs that.
  max_slot_wal_keep_size: '1GB',
  max_connections: '250',
  shared_buffers: '64MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/**
 * Makes the cluster when there is none. It is made beside its place and then renamed, so an interrupted start leaves no
 * half cluster.
 */
export async function prepareCluster(place: Place, secrets: Secrets, signal: AbortSignal): Promise<void> {
  const data = path.join(place.home, 'data');
  if (existsSync(data) && secrets.fresh) throw passwordsAreGone(place);
  if (!existsSync(data)) await initialise(place, secrets.superuser, signal);
  writeFor(place.account, path.join(data, 'pg_hba.conf'), accessRules);
}

function passwordsAreGone({ home }: Place): StartError {
  return new StartError([
    `There are databases in ${home}, and secrets.json with their passwords is gone. Put it back into the data folder, or ` +
      'delete the databases with: npm run reset',
  ]);
}

async function initialise({ programs, home, account }: Place, password: string, signal: AbortSignal): Promise<void> {
  const data = path.join(home, 'data');
  makeFolderFor(home, account);
  const partial = `${data}.partial`;
  const passwordFile = path.join(home, 'password');
  rmSync(partial, { recursive: true, force: true });
  writeFor(account, passwordFile, password);
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  try {
    await run(path.join(programs, 'bin/initdb'), [`--pgdata=${partial}`, ...locale, ...access], {
      env: environment(),
      signal,
      ...account,
    });
  } catch (error) {
    throw new StartError([
      `PostgreSQL could not make its cluster in ${home}: ${(error as { stderr?: string }).stderr ?? error}`,
    ]);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(partial, data);
}

/** The server process. Ready when the superuser can log in. */
export function postgresSpec(place: Place, adminUrl: string, own: PostgresSettings = {}): ChildSpec {
  const settings = Object.entries({ ...flags, ...own }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return {
    name: 'postgres',
    command: path.join(place.programs, 'bin/postgres'),
    args: ['-D', path.join(place.home, 'data'), '-p', new URL(adminUrl).port, ...settings],
    env: environment(),
    ...(place.account && { user: place.account }),
    notReady: () => cannotLogIn(adminUrl),
    readyWithinMs: 60_000,
    // Fast shutdown; then immediate shutdown, after which PostgreSQL recovers at the next start.
    stopSignals: ['SIGINT', 'SIGQUIT'],
    stopWithinMs: 15_000,
  };
}

async function cannotLogIn(adminUrl: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 2000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Without the user's own PostgreSQL settings (PGDATA, PGHOST, …). */
function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C' };
}

function writeFor(account: Account | undefined, file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
  if (account !== undefined) chownSync(file, account.uid, account.gid);
}
