import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { projectHome } from '@troupe/embedded';
import type { Browser } from 'playwright-core';
import type { Night } from './night.ts';

const folder = path.join(projectHome, 'docs', 'pictures');
const DESKTOP = { width: 1280, height: 860 };
const PHONE = { width: 390, height: 844 };
/** Until what is drawn has moved to its place. */
const SETTLED_MS = 1_500;

export interface Picture {
  /** Writes `<name>-light.png` and `<name>-dark.png`, and returns their paths. */
  take(browser: Browser, consoleUrl: string): Promise<readonly string[]>;
}

/** Every picture, by the name of its files. */
export function pictures({ compensated, stuck, orchestrated }: Night): readonly Picture[] {
  return [
    picture('saga', `/sagas/${stuck}`),
    picture('saga-compensated', `/sagas/${compensated}`),
    picture('saga-orchestrated', `/sagas/${orchestrated}`),
    picture('sagas', '/sagas'),
    picture('map', '/map'),
    picture('services', '/services'),
    picture('try', '/try'),
    picture('saga-phone', `/sagas/${compensated}`, PHONE),
  ];
}

function picture(name: string, address: string, size = DESKTOP): Picture {
  return {
    async take(browser, consoleUrl) {
      mkdirSync(folder, { recursive: true });
      const files: string[] = [];
      for (const theme of ['light', 'dark'] as const) {
        const page = await browser.newPage({ viewport: size, colorScheme: theme, reducedMotion: 'reduce' });
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
