import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityFaults, addressOf } from '../browser.ts';
import { wholeStack } from '../whole-stack.ts';

/** The start page and Try, on a whole stack. */
const whole = wholeStack();
const { show } = whole;

/** Places the order of a story by keys alone. @returns its id */
async function placeByKeys(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Place the order' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/order=/);
  return new URL(page.url()).searchParams.get('order') ?? '';
}

it('A confirmed order draws itself, is told in words, and leads to its page and back', async () => {
  const { page, problems } = await show('/try?story=happy');
  const orderId = await placeByKeys(page);
  const drawn = page.getByRole('region', { name: `Order ${orderId.slice(-8)}` });
  await drawn.getByText('Confirmed', { exact: true }).waitFor();
  await drawn.getByRole('listitem').filter({ hasText: 'said OrderConfirmed' }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await drawn.getByRole('link', { name: 'Open' }).click();
  expect(addressOf(page)).toBe(`/sagas/${orderId}`);
  await page.goBack();
  await drawn.getByText('Confirmed', { exact: true }).waitFor();
  expect(problems()).toEqual([]);
});

describe.each([
  ['light', 'desk'],
  ['dark', 'phone'],
] as const)('In %s at the %s', (theme, at) => {
  it('a refused order turns back, and is found in the list by its id', async () => {
    const { page, problems } = await show('/try?story=carrier-refuses', { theme, at });
    const orderId = await placeByKeys(page);
    await page.getByText('Cancelled', { exact: true }).first().waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.goto(`${whole.url}/sagas?q=${orderId}`);
    await page.getByRole('link', { name: orderId.slice(-8) }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${whole.url}/sagas/${orderId}`);
    await page.goBack();
    expect(addressOf(page)).toBe(`/sagas?q=${orderId}`);
    expect(problems()).toEqual([]);
  });
});

it('Filters stand in the address, and back undoes them one by one', async () => {
  const { page, problems } = await show('/sagas');
  await page.getByRole('heading', { level: 1, name: 'Sagas' }).waitFor();
  await page.keyboard.press('f');
  await page.getByRole('group', { name: 'State' }).getByRole('button', { name: 'ended' }).click();
  await page.getByRole('group', { name: 'Style' }).getByRole('button', { name: 'choreographed' }).click();
  expect(addressOf(page)).toBe('/sagas?state=done&style=choreographed');
  await page.goBack();
  expect(addressOf(page)).toBe('/sagas?state=done');
  await page.goBack();
  expect(addressOf(page)).toBe('/sagas');
  expect(problems()).toEqual([]);
});
