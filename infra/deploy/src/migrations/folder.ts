import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A migration of the project. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** The migrations of a schema folder, oldest first. */
export function migrationsOf(schemaDir: string): Migration[] {
  const baseDir = path.join(schemaDir, 'migrations');
  const folders = readdirSync(baseDir, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders
    .map(({ name }) => name)
    .sort()
    .map((name) => ({ name, sql: readFileSync(path.join(baseDir, name, 'migration.sql'), 'utf8') }));
}
