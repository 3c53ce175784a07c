import chromium from '@sparticuz/chromium';
import { type Browser, chromium as driver } from 'playwright-core';

/** With these, a browser ends with its first page. */
const ONE_PROCESS: ReadonlySet<string> = new Set(['--single-process', '--no-zygote']);

/** A real browser. The packaged one is for Linux; elsewhere it is the Chrome that is installed. */
export async function openBrowser(): Promise<Browser> {
  return driver.launch(
    process.platform === 'linux'
      ? { executablePath: await chromium.executablePath(), args: chromium.args.filter((arg) => !ONE_PROCESS.has(arg)) }
      : { channel: 'chrome' },
  );
}
