import { mkdirSync } from 'node:fs';
import { close, listen, type Reply, type Route, urlOf } from './http.ts';
import { log } from './log.ts';

/** What a sandbox does, once its data is read. */
export interface Sandbox {
  readonly routes: readonly Route[];
  /** Flushes and closes; no request is being answered any more. */
  close(): Promise<void>;
}

/** Where a sandbox runs, from its environment. */
export interface Place {
  readonly host: string;
  /** The folder for its journals; exists. */
  readonly dataDir: string;
  /** Aborted when the process stops; what waits gives up. */
  readonly stopping: AbortSignal;
}

/**
 * Runs one sandbox as this process: listens, reads its data, answers, and ends cleanly on SIGTERM or SIGINT. Ends with
 * exit code 1 and a readable reason when it cannot start. Environment: `PORT` (default: `port`), `HOST` (default
 * 127.0.0.1), `DATA_DIR`.
 */
export async function run(name: string, port: number, open: (place: Place) => Promise<Sandbox>): Promise<void> {
  const stop = new AbortController();
  try {
    const place: Place = { host: process.env.HOST ?? '127.0.0.1', dataDir: dataDir(name), stopping: stop.signal };
    const address = { host: place.host, port: portOf('PORT', port) };
    const [server, sandbox] = await listenAndOpen(address, () => open(place));
    log('info', `${name} is ready`, { url: urlOf(server) });
    await signalled();
    stop.abort();
    await close(server);
    await sandbox.close();
    log('info', `${name} has stopped`);
  } catch (error) {
    log('error', `${name} cannot run: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}

/** The port comes first, so that a process without it does not touch the data of the one that has it. */
async function listenAndOpen(address: { host: string; port: number }, open: () => Promise<Sandbox>) {
  let opened: (routes: readonly Route[]) => void = () => {};
  const server = await listen(address, new Promise((resolve) => (opened = resolve)));
  const sandbox = await open();
  opened([livez, ...sandbox.routes]);
  return [server, sandbox] as const;
}

function dataDir(name: string): string {
  const folder = process.env.DATA_DIR;
  if (!folder) throw new Error(`DATA_DIR is not set: set it to the folder in which the ${name} keeps its data.`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A port number from the environment; throws with the variable's name. 0 means: any free one. */
export function portOf(variable: string, otherwise: number): number {
  const value = process.env[variable] ?? String(otherwise);
  const port = Number(value);
  if (!/^\d+$/.test(value) || port > 65_535) throw new Error(`${variable} is "${value}": set a port from 0 to 65535.`);
  return port;
}

const livez: Route = { method: 'GET', path: '/livez', handle: (): Reply => ({ status: 200, body: { status: 'ok' } }) };

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}
