import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';
import { migrationsOf } from './folder.ts';
import type { MigrationAnswer, MigrationTask } from './migrate.ts';
import { WholeScripts } from './whole-scripts.ts';

// A process of its own, because the engine is WebAssembly, whose memory never shrinks.

/** Missing in the types of Node 20. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>;
};

interface EngineModule {
  SchemaEngine: typeof SchemaEngine;
  __wbg_set_wasm(exports: unknown): void;
}

/** Prisma's own engine, without the native binary that `prisma migrate deploy` downloads. */
async function loadEngine(): Promise<typeof SchemaEngine> {
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: (text: string) => console.error(text) } });
  const folder = path.dirname(fileURLToPath(import.meta.resolve('@prisma/schema-engine-wasm')));
  const glue = (await import('@prisma/schema-engine-wasm/schema_engine_bg')) as EngineModule;
  const wasm = readFileSync(path.join(folder, 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  return glue.SchemaEngine;
}

/** Applies missing migrations, with the bookkeeping of `prisma migrate deploy`. Returns the names applied. */
async function apply(Engine: typeof SchemaEngine, { schemaDir, databaseUrl }: MigrationTask): Promise<string[]> {
  const schemas = readdirSync(schemaDir).filter((file) => file.endsWith('.prisma'));
  const datamodels = schemas.map((file): [string, string] => [file, readFileSync(path.join(schemaDir, file), 'utf8')]);
  const adapter = bindMigrationAwareSqlAdapterFactory(new WholeScripts({ connectionString: databaseUrl, max: 1 }));
  const engine = await Engine.new({ datamodels }, () => {}, adapter);
  const { appliedMigrationNames } = await engine.applyMigrations({
    filters: { externalTables: [], externalEnums: [] },
    migrationsList: migrationsIn(schemaDir),
  });
  return appliedMigrationNames;
}

function migrationsIn(schemaDir: string) {
  const baseDir = path.join(schemaDir, 'migrations');
  return {
    baseDir,
    lockfile: { path: 'migration_lock.toml', content: readFileSync(path.join(baseDir, 'migration_lock.toml'), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: migrationsOf(schemaDir).map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } },
    })),
  };
}

process.once('message', async (tasks: MigrationTask[]) => {
  let answer: MigrationAnswer;
  try {
    const engine = await loadEngine();
    const applied = await Promise.all(tasks.map((task) => apply(engine, task)));
    answer = { applied: applied.flat() };
  } catch (error) {
    answer = { failure: error instanceof Error ? error.message : String(error) };
  }
  process.send?.(answer, () => process.exit(0));
});
