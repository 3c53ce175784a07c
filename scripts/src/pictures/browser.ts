import chromium from '@sparticuz/chromium';
import { type Browser, chromium as driver } from 'playwright-core';

/** A real browser. The packaged one is for Linux; elsewhere it is the Chrome that is installed. */
export async function openBrowser(): Promise<Browser> {
  return driver.launch(
    process.platform === 'linux'
      ? { executablePath: await chromium.executablePath(), args: chromium.args }
      : { channel: 'chrome' },
  );
}
