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

it('The same order is drawn in both styles, one below the other', async () => {
  const { page, problems } = await show('/try?story=carrier-refuses');
  await page.getByLabel('and beside it the same, orchestrated').check();
  const orderId = await placeByKeys(page);
  const twinId = new URL(page.url()).searchParams.get('twin') ?? '';
  const styles = [
    [orderId, 'choreographed'],
    [twinId, 'the same, orchestrated'],
  ] as const;
  for (const [id, title] of styles) {
    const drawn = page.getByRole('region', { name: `Order ${id.slice(-8)}` });
    await drawn.getByText(title, { exact: true }).waitFor();
    await drawn.getByText('Cancelled', { exact: true }).waitFor();
    await drawn.getByRole('listitem').filter({ hasText: 'OrderCancelled' }).last().waitFor();
  }
  const asks = (id: string) =>
    page
      .getByRole('region', { name: `Order ${id.slice(-8)}` })
      .locator('.wire.ask')
      .count();
  expect(await asks(orderId)).toBe(0);
  expect(await asks(twinId)).toBeGreaterThan(0);
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.goto(`${whole.url}/sagas?q=${twinId}`);
  await page.locator('.line.row').getByText('orchestrated', { exact: true }).waitFor();
  expect(problems()).toEqual([]);
});

it('Two hundred orders at once are placed, found in the list, and only what is in sight is drawn', async () => {
  const { page, problems } = await show('/try?story=happy');
  await page.getByRole('button', { name: '200 at once' }).click();
  await page.getByText('200 orders are placed.').waitFor();
  await page.getByRole('link', { name: 'watch all of them in the list' }).click();
  expect(addressOf(page)).toBe('/sagas?since=5m');
  await page.getByText(/^2\d\d sagas, newest first$/).waitFor({ timeout: 90_000 });
  await page.goto(`${whole.url}/sagas?state=done`);
  await page.locator('.line.row').first().waitFor();
  const rows = Number(await page.getByRole('table', { name: 'Sagas' }).getAttribute('aria-rowcount'));
  expect(rows).toBeGreaterThanOrEqual(100);
  expect(await page.locator('.line.row').count()).toBeLessThan(60);
  expect(problems()).toEqual([]);
});

it('By keys alone: an order is found, opened and left, and all keys are shown', async () => {
  const { page, problems } = await show('/try?story=declined');
  const orderId = await placeByKeys(page);
  await page.getByText('Cancelled', { exact: true }).first().waitFor();
  await page.goto(`${whole.url}/sagas`);
  await page.locator('.line.row').first().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type(orderId);
  await page.waitForURL(`${whole.url}/sagas?q=${orderId}`);
  await page.keyboard.press('Escape');
  const row = page.locator('.line.row');
  await row.filter({ hasText: orderId.slice(-8) }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.locator('.line.row.is-sel').waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(`${whole.url}/sagas/${orderId}`);
  await page
    .getByRole('heading', { level: 1 })
    .filter({ hasText: orderId.slice(-8) })
    .waitFor();
  await page.keyboard.press('Escape');
  await page.waitForURL(`${whole.url}/sagas?q=${orderId}`);
  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'Keys' });
  await keys.getByText('live or held').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await keys.waitFor({ state: 'detached' });
  expect(addressOf(page)).toBe(`/sagas?q=${orderId}`);
  expect(problems()).toEqual([]);
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
