import { fork } from 'node:child_process';
import path from 'node:path';
import { withClient } from '../postgres/databases.ts';
import { StartError } from '../start-error.ts';
import { migrationsOf } from './folder.ts';

/** A folder with `*.prisma` files and `migrations`, and the database to bring up to it. */
export interface MigrationTask {
  readonly schemaDir: string;
  readonly databaseUrl: string;
}

export type MigrationAnswer = { readonly applied: readonly string[] } | { readonly failure: string };

/**
 * Applies Prisma migrations without downloading Prisma's engine, each as the role of its database URL. Idempotent, and
 * interchangeable with `prisma migrate deploy`. Resolves with the names of those applied; rejects with the engine's
 * message, which names the migration and the statement's error. The engine takes a second to load, so it is loaded only
 * when there is something to apply.
 */
export async function migrate(
  home: string,
  tasks: readonly MigrationTask[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const current = await Promise.all(tasks.map(isCurrent));
  const behind = tasks.filter((_task, index) => !current[index]);
  if (behind.length === 0) return [];
  const answer = await askEngine(home, behind, signal);
  if ('failure' in answer) throw new StartError([explained(answer.failure)]);
  return answer.applied;
}

/** Whether each migration of the folder was applied to the end. As the engine, it asks for names alone. */
async function isCurrent({ schemaDir, databaseUrl }: MigrationTask): Promise<boolean> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query(`SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS exists`);
    if (!rows[0].exists) return false;
    const done = await client.query(
      'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
    );
    const applied = new Set(done.rows.map(({ name }) => name));
    return migrationsOf(schemaDir).every(({ name }) => applied.has(name));
  });
}

function askEngine(home: string, tasks: readonly MigrationTask[], signal?: AbortSignal): Promise<MigrationAnswer> {
  const worker = fork(path.join(home, 'infra/deploy/dist/migrations/worker.js'), {
    execArgv: [],
    ...(signal && { signal }),
  });
  return new Promise((resolve, reject) => {
    worker.once('message', (message) => resolve(message as MigrationAnswer));
    worker.once('error', reject);
    worker.once('exit', (code) =>
      reject(new Error(`The migration process ended with code ${code} before it was done.`)),
    );
    worker.send(tasks);
  });
}

/** The engine's message without its own call stack. */
function explained(failure: string): string {
  const [, name] = /migration_name=\\?"([^"\\]+)/.exec(failure) ?? [];
  const reason = failure
    .split(/\n\s+0: /)[0]
    ?.replace('external connector error', '')
    .trim();
  return (
    `A database could not be migrated${name ? ` by ${name}` : ''}: ${reason}\nNothing of this migration took effect, but Prisma ` +
    'has written down that it failed. Mend it; then start with new data (npm run reset), or tell Prisma with: prisma migrate resolve.'
  );
}
