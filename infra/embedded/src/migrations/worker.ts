import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { MigrationOrder, MigrationResult } from './migrate.ts';

// Runs as a process of its own: the engine is WebAssembly, whose memory never shrinks.

interface Engine {
  applyMigrations(input: unknown): Promise<{ appliedMigrationNames: string[] }>;
}

interface EngineModule {
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
  SchemaEngine: { new (datamodels: unknown, log: () => void, adapter: unknown): Promise<Engine> };
}
