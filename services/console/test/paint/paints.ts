import type { Browser } from 'playwright-core';
import { WIDTHS } from '../browser.ts';

/** Milliseconds after the address was asked for. */
export interface Paint {
  /** Of anything. */
  readonly first: number;
  /** Of the first row of the list. */
  readonly row: number;
}

/** Runs in the page before its own code: notes the frame in which the first row is drawn. */
const WATCH = `
  new MutationObserver((_, watch) => {
    if (document.querySelector('.line.row .c-where') === null) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => (document.documentElement.dataset.firstRowAt = performance.now())));
  }).observe(document, { childList: true, subtree: true });
`;

/** Opens the address with nothing kept from before. */
export async function paintOf(browser: Browser, address: string): Promise<Paint> {
  const context = await browser.newContext({ viewport: WIDTHS.desk });
  try {
    await context.addInitScript(WATCH);
    const page = await context.newPage();
    await page.goto(address);
    await page.locator('html[data-first-row-at]').waitFor({ state: 'attached' });
    return await page.evaluate<Paint>(
      `({ first: performance.getEntriesByName('first-contentful-paint')[0].startTime, row: Number(document.documentElement.dataset.firstRowAt) })`,
    );
  } finally {
    await context.close();
  }
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
