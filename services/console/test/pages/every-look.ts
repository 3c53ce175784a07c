import { describe, expect, it } from '@jest/globals';
import { accessibilityFaults } from '../browser.ts';
import type { OnAnswers } from './on-answers.ts';

/** Tests these screens in both themes and at both widths. @param screens an address, and a text that is there when it has come */
export function inEveryLook({ show }: OnAnswers, screens: readonly (readonly [address: string, text: string])[]): void {
  describe.each([
    ['light', 'desk'],
    ['dark', 'desk'],
    ['light', 'phone'],
    ['dark', 'phone'],
  ] as const)('In %s, at the width of a %s', (theme, at) => {
    it.each(screens)('%s has nothing that axe finds, and does not scroll sideways', async (address, text) => {
      const page = await show(address, { theme, at });
      await page.getByText(text).first().waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    });
  });
}
