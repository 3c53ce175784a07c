import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContextOptions, chromium as driver, type Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');

/** Widths that the design is drawn for. */
export const WIDTHS = { desk: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } } as const;

export interface Look {
  readonly theme?: 'light' | 'dark';
  readonly at?: keyof typeof WIDTHS;
  readonly more?: BrowserContextOptions;
}

/**
 * A browser for the tests of a file. On Linux it is the packaged one, elsewhere the one that is installed. What weakens it is left out of
 * the packaged one's arguments: the policy of the page has to hold as it does for people.
 */
export const launch = async (): Promise<Browser> =>
  driver.launch(
    process.platform === 'linux'
      ? { executablePath: await chromium.executablePath(), args: ['--no-sandbox', '--disable-gpu'] }
      : { channel: 'chrome' },
  );

/** A page of its own with nothing kept from others, and what went wrong on it. */
export interface Opened {
  readonly page: Page;
  /**
   * Errors of the console, breaches of the content security policy, uncaught exceptions, and requests to other hosts. A test ends with
   * `expect(problems()).toEqual([])`.
   */
  problems(): readonly string[];
  /** Problems that a test causes on purpose, such as an answer of 503. */
  forgive(pattern: RegExp): void;
  close(): Promise<void>;
}

/** @param address absolute: `http://127.0.0.1:3000/sagas` */
export async function open(browser: Browser, address: string, look: Look = {}): Promise<Opened> {
  const context = await browser.newContext({
    viewport: WIDTHS[look.at ?? 'desk'],
    colorScheme: look.theme ?? 'light',
    ...look.more,
  });
  const page = await context.newPage();
  const seen: string[] = [];
  const forgiven: RegExp[] = [];
  const { host } = new URL(address);
  page.on('console', (message) => {
    if (message.type() === 'error' || /content security policy/i.test(message.text())) seen.push(message.text());
  });
  page.on('pageerror', (error) => seen.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.host !== host) seen.push(`a request to ${url.host}`);
  });
  await page.goto(address);
  return {
    page,
    problems: () => seen.filter((problem) => !forgiven.some((pattern) => pattern.test(problem))),
    forgive: (pattern) => void forgiven.push(pattern),
    close: () => context.close(),
  };
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly help: string;
    readonly nodes: readonly { readonly target: readonly string[] }[];
  }[];
}

/** What axe finds on the page as it stands, one line for each: a test expects none. Animations are let come to their end. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(
    'Promise.all(document.getAnimations().map((one) => one.effect.getTiming().iterations === 1 && one.finished.catch(() => {})))',
  );
  await page.evaluate(axe);
  const { violations } = await page.evaluate<AxeResult>('axe.run(document)');
  return violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}

/** The address as it stands in the browser's bar, without its host. */
export const addressOf = (page: Page): string => page.url().replace(/^https?:\/\/[^/]+/, '');
