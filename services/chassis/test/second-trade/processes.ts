import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type ClonedDatabase, cloneDatabase, query } from '../../src/testing/database.ts';
import { fromStack } from '../../src/testing/stack.ts';
import { eventually } from '../testing/eventually.ts';
import { KEPT } from './services.ts';

/** A service of the second trade, as a process of its own on real Kafka, PostgreSQL and registry. */
export interface Running {
  readonly url: string;
  readonly child: ChildProcess;
  readonly database: ClonedDatabase;
}

type Settings = Readonly<Record<string, string>>;

/** Starts a service of `main.ts`, on a database of its own. Resolves when it is ready. */
export async function started(name: string, settings: Settings): Promise<Running> {
  const database = await cloneDatabase('notification');
  await query(database.url, KEPT);
  return startedOn(database, name, settings);
}

/** The same on a database that is there. */
export async function startedOn(database: ClonedDatabase, name: string, settings: Settings): Promise<Running> {
  const child = spawn(process.execPath, ['--no-warnings', path.join(import.meta.dirname, 'main.ts'), name], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PORT: '0',
      DATABASE_URL: database.url,
      LOG_LEVEL: 'info',
      KAFKA_BROKERS: fromStack('TEST_KAFKA_BROKERS'),
      REGISTRY_URL: fromStack('TEST_REGISTRY_URL'),
      ...settings,
    },
  });
  let port: number | undefined;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { msg, port: listensOn } = JSON.parse(line) as { readonly msg: string; readonly port?: number };
    if (msg === 'ready') port = listensOn;
  });
  await eventually(() => port !== undefined, `${name} is ready`);
  return { child, database, url: `http://127.0.0.1:${port}` };
}

export async function ended(child: ChildProcess): Promise<void> {
  const over = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await over;
}

/** Drops the database of a service that has ended, with the slot of its relay. */
export async function dropped(service: string, database: ClonedDatabase): Promise<void> {
  await query(database.url, `SELECT pg_drop_replication_slot('troupe_${service}_outbox')`);
  await database.drop();
}
