import { fork } from 'node:child_process';
import path from 'node:path';

/** A folder with `*.prisma` files and `migrations`, and the database to bring up to it. */
export interface MigrationTask {
  readonly schemaDir: string;
  readonly databaseUrl: string;
}

export type MigrationAnswer = { readonly applied: readonly string[] } | { readonly failure: string };

/**
 * Applies Prisma migrations without downloading Prisma's engine, each as the role of its database URL. Idempotent, and
 * interchangeable with `prisma migrate deploy`. Resolves with the names of those applied; rejects with the engine's
 * message, which names the migration and the statement's error.
 */
export async function migrate(home: string, tasks: readonly MigrationTask[], signal: AbortSignal): Promise<readonly string[]> {
  const worker = fork(path.join(home, 'infra/embedded/dist/migrations/worker.js'), { execArgv: [], signal });
  const answer = await new Promise<MigrationAnswer>((resolve, reject) => {
    worker.once('message', (message) => resolve(message as MigrationAnswer));
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the migration process ended with code ${code} before it was done`)));
    worker.send(tasks);
  });
  if ('failure' in answer) throw new Error(`A database could not be migrated. ${answer.failure}`);
  return answer.applied;
}
