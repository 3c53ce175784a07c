import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { projectHome } from '@troupe/embedded';
import type { Browser } from 'playwright-core';
import type { Evening, Night } from './orders.ts';

const folder = path.join(projectHome, 'docs', 'pictures');
const SIZE = { width: 1280, height: 880 };
/** Until what is drawn has moved to its place. */
const SETTLED_MS = 1_500;

export interface Picture {
  /** Writes `<name>-light.png` and `<name>-dark.png`, and returns their paths. */
  take(browser: Browser, consoleUrl: string): Promise<readonly string[]>;
}

/** By the names of their files. */
export const picturesOfEvening = ({ compensated, orchestrated }: Evening): readonly Picture[] => [
  picture('saga-compensated', `/sagas/${compensated}`),
  picture('saga-orchestrated', `/sagas/${orchestrated}`),
  picture('try', '/try'),
];

export const picturesOfNight = ({ stuck }: Night): readonly Picture[] => [
  picture('saga', `/sagas/${stuck}`),
  picture('sagas', '/sagas'),
  picture('map', '/map'),
];

function picture(name: string, address: string): Picture {
  return {
    async take(browser, consoleUrl) {
      mkdirSync(folder, { recursive: true });
      const files: string[] = [];
      for (const theme of ['light', 'dark'] as const) {
        const page = await browser.newPage({ viewport: SIZE, colorScheme: theme, reducedMotion: 'reduce' });
        await page.goto(`${consoleUrl}${address}`);
        await page.locator('h1').first().waitFor();
        await page.waitForTimeout(SETTLED_MS);
        const file = path.join(folder, `${name}-${theme}.png`);
        await page.screenshot({ path: file });
        await page.close();
        files.push(file);
      }
      return files;
    },
  };
}
