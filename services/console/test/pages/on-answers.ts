import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type Look, launch, type Opened, open } from '../browser.ts';
import { type Answers, standIn } from './stand-in.ts';

export interface OnAnswers {
  /** What is answered from now on; after each test it is the usual again. */
  answers: Answers;
  /** Opens the page of a test. */
  show(address: string, look?: Look): Promise<Page>;
  /** Problems that the test causes on purpose. After each test there may be no others. */
  forgive(pattern: RegExp): void;
}

/** The built page on chosen answers, with a browser, for the tests of a file. */
export function onAnswers(usual: Answers): OnAnswers {
  let browser: Browser;
  let server: Server;
  let opened: Opened | undefined;
  const shown: OnAnswers = {
    answers: usual,
    async show(address, look = {}) {
      const { port } = server.address() as AddressInfo;
      const more = { locale: 'en-US', timezoneId: 'UTC' };
      opened = await open(browser, `http://127.0.0.1:${port}${address}`, { more, ...look });
      opened.page.setDefaultTimeout(15_000);
      return opened.page;
    },
    forgive: (pattern) => opened?.forgive(pattern),
  };
  beforeAll(async () => {
    browser = await launch();
    server = standIn(() => shown.answers);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  });
  afterEach(async () => {
    const problems = opened?.problems();
    await opened?.close();
    opened = undefined;
    shown.answers = usual;
    expect(problems).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    // A stream of events never ends by itself, and a server that closes waits for it.
    server?.closeAllConnections();
    server?.close();
  });
  return shown;
}
