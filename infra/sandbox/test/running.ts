import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const cleanUps: (() => Promise<void> | void)[] = [];

/** To be called in `afterEach`: ends what a test started, removes what it wrote. */
export async function cleanUp(): Promise<void> {
  for (const undo of cleanUps.splice(0).reverse()) await undo();
}

/** A folder of the test's own. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'troupe-sandbox-'));
  cleanUps.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A sandbox as a process of its own. */
export interface Running {
  readonly url: string;
  /** The mailbox's. */
  readonly smtp: string | undefined;
  /** What it has logged so far. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** Sends the signal and resolves with the exit code, or the signal that ended it. */
  stop(signal: NodeJS.Signals): Promise<number | string>;
}

/** Starts the built program on free ports and resolves when it is ready. */
export async function start(program: 'provider' | 'carrier' | 'mailbox', dataDir: string): Promise<Running> {
  const child = launch(program, { PORT: '0', SMTP_PORT: '0', DATA_DIR: dataDir });
  const ended = exit(child);
  const log: Record<string, unknown>[] = [];
  const stop = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  cleanUps.push(() => stop('SIGKILL').then(() => {}));
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    log.push(JSON.parse(line));
    const url = log.at(-1)?.url;
    if (typeof url !== 'string') continue;
    child.stdout?.resume();
    return { url, smtp: log.find((entry) => entry.smtp)?.smtp as string | undefined, log, stop };
  }
  throw new Error(`${program} did not start: ${JSON.stringify(log)}`);
}

/** Runs a program that is expected to end by itself; resolves with its exit code and output. */
export async function runToEnd(
  program: string,
  env: Record<string, string>,
): Promise<{ code: number | string; out: string }> {
  const child = launch(program, env);
  let out = '';
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  return { code: await exit(child), out };
}

function launch(program: string, env: Record<string, string>): ChildProcess {
  const path = fileURLToPath(new URL(`../dist/${program}.js`, import.meta.url));
  return spawn(process.execPath, [path], { env: { ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
}

function exit(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown')));
}

/** What an answer may hold; which of it is there depends on the status. */
export interface Answer {
  readonly id: string;
  readonly error: { readonly code: string; readonly message: string; readonly field?: string };
}

/** POST of JSON; resolves with status and parsed body. */
export async function post(url: string, body: unknown, key?: string): Promise<{ status: number; body: Answer }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { 'idempotency-key': key }) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Answer };
}

export interface Page {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly nextCursor: string | null;
}

/** GET of a list. */
export async function pageOf(url: string): Promise<Page> {
  return (await (await fetch(url)).json()) as Page;
}

/** The items of a list. */
export async function itemsOf(url: string): Promise<Page['items']> {
  return (await pageOf(url)).items;
}
