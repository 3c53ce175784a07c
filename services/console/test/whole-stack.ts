import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { type Stack, startStack } from '@troupe/embedded';
import type { Browser } from 'playwright-core';
import { type Look, launch, type Opened, open } from './browser.ts';

export interface WholeStack {
  /** Of the console, without a slash at its end. */
  readonly url: string;
  /** @throws Error when `CONSOLE_URL` names another's */
  readonly stack: Stack;
  /** Opens a page; it is closed after the test. */
  show(address: string, look?: Look): Promise<Opened>;
}

/**
 * A stack of its own with a browser, for the tests of a file. `CONSOLE_URL` names one that runs already.
 * @param serviceEnv settings of its services
 */
export function wholeStack(serviceEnv: Readonly<Record<string, string>> = {}): WholeStack {
  let stack: Stack | undefined;
  let dataDir: string | undefined;
  let url = process.env.CONSOLE_URL ?? '';
  let browser: Browser | undefined;
  let opened: Opened | undefined;
  beforeAll(async () => {
    browser = await launch();
    if (url !== '') return;
    dataDir = mkdtempSync(path.join(tmpdir(), 'troupe-test-console-'));
    stack = await startStack({ dataDir, ports: 'free', console: true, serviceEnv });
    url = stack.addresses.consoleUrl;
  }, 120_000);
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
    if (dataDir !== undefined) rmSync(dataDir, { recursive: true, force: true });
  });
  return {
    get url() {
      return url;
    },
    get stack() {
      if (stack === undefined) throw new Error('This test needs a stack of its own: unset CONSOLE_URL.');
      return stack;
    },
    async show(address, look = {}) {
      opened = await open(browser as Browser, `${url}${address}`, look);
      return opened;
    },
  };
}
