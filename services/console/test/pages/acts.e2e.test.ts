import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { DeadLettersView, MapView, SagaDetail } from '../../src/contract/index.ts';
import { addressOf } from '../browser.ts';
import { wholeStack } from '../whole-stack.ts';

/** Acts of an operator, through the page, on a whole stack. No order cancels itself while a fault lasts. */
const whole = wholeStack({ ORDER_DEADLINE_MS: '300000' });

async function show(address: string): Promise<Page> {
  const { page } = await whole.show(address, { more: { locale: 'en-US' } });
  page.setDefaultTimeout(60_000);
  return page;
}

async function send(route: string, body: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
  const answer = await fetch(`${whole.url}${route}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`POST ${route} answered ${answer.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

async function place(story: string): Promise<string> {
  const { orderIds } = (await send(`/api/stories/${story}`, { orchestrated: false, count: 1 })) as {
    orderIds: string[];
  };
  return orderIds[0] ?? '';
}

const saga = async (orderId: string): Promise<SagaDetail> =>
  (await (await fetch(`${whole.url}/api/sagas/${orderId}`)).json()) as SagaDetail;

/** Resolves once the saga is as it should be; the test's limit ends it otherwise. */
async function until(orderId: string, is: (saga: SagaDetail) => boolean): Promise<SagaDetail> {
  for (;;) {
    const now = await saga(orderId);
    if (is(now)) return now;
    await new Promise((soon) => setTimeout(soon, 250));
  }
}

/** After so many nobody asks the provider any more. */
const REFUSALS = 6;
const refusalsOf = ({ events }: SagaDetail): number =>
  events.filter(({ type }) => type === 'PaymentRefundFailed').length;

/** An order that is paid and cannot be served, and whose refund the provider refuses every time. */
async function placeRefusedRefund(): Promise<string> {
  const answer = await fetch(`${whole.stack.addresses.serviceUrl('order')}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ items: [{ sku: 'SKU-099', quantity: 1 }], paymentToken: 'tok_refund_fails_99' }),
  });
  return ((await answer.json()) as { readonly orderId: string }).orderId;
}

/** A moment of which the map has noted that a service was away. */
async function momentWithout(service: string): Promise<string> {
  for (const begun = Date.now(); Date.now() - begun < 60_000; ) {
    const [from, until] = [Date.now() - 60_000, Date.now()].map((at) => new Date(at).toISOString());
    const map = (await (await fetch(`${whole.url}/api/map?from=${from}&until=${until}`)).json()) as MapView;
    if (map.services.some((one) => one.service === service && one.standing === 'away')) return until ?? '';
    await new Promise((soon) => setTimeout(soon, 250));
  }
  throw new Error(`The map has not noted within 60 s that ${service} is away.`);
}

/** Says who acts and why, and does it. */
async function confirm(page: Page, label: string, reason: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Operator').fill('ada');
  await dialog.getByLabel('Reason').fill(reason);
  await dialog.getByRole('button', { name: label, exact: true }).click();
}

describe('An operator, through the console', () => {
  it('approves an order above the limit', async () => {
    const orderId = await place('approval');
    const page = await show('/attention');
    const item = page.locator('.at-i', { has: page.locator(`a[href="/sagas/${orderId}"]`) });
    await item.getByRole('button', { name: 'Approve…' }).click();
    await confirm(page, 'Approve', 'a good customer');
    await page.getByRole('dialog').getByText('It is approved').waitFor();
    await page.getByRole('button', { name: 'Close', exact: true }).last().click();
    await item.waitFor({ state: 'detached' });
    expect((await until(orderId, ({ state }) => state === 'done')).outcome).toBe('confirmed');
  });

  it('settles a refund that the provider refuses', async () => {
    const orderId = await placeRefusedRefund();
    for (let refusals = 1; refusals < REFUSALS; refusals += 1) {
      await until(orderId, (now) => refusalsOf(now) >= refusals);
      await send('/api/acts/retry-refund', { params: { orderId }, operator: 'ada', reason: '' });
    }
    await until(orderId, ({ state }) => state === 'attention');
    const page = await show('/attention?kind=refund');
    const item = page.locator('.at-i', { has: page.locator(`a[href="/sagas/${orderId}"]`) });
    await item.getByRole('button', { name: 'Settle…' }).click();
    await confirm(page, 'Settle', 'bank transfer 4711');
    await page.getByRole('dialog').getByText('The refund is settled').waitFor();
    await page.getByRole('button', { name: 'Close', exact: true }).last().click();
    await item.waitFor({ state: 'detached' });
    await until(orderId, ({ state }) => state === 'done');
    await page.goto(`${whole.url}/attention?kind=done`);
    await page.getByText('“bank transfer 4711”').first().waitFor();
  });

  it('replays a poison message, sees it come back, and discards it', async () => {
    const page = await show('/try');
    const poison = page.locator('.snd', { hasText: 'Poison message' });
    await poison.getByRole('button', { name: 'Send to order.events' }).click();
    await poison.getByRole('button', { name: 'Send to order.events again' }).waitFor();
    await page.goto(`${whole.url}/dead-letters`);
    await page.locator('.dl-causes li a').first().click();
    await page.locator('.dl-l').first().waitFor();
    await page.getByRole('button', { name: /^Replay \d+…$/ }).click();
    await page.getByRole('dialog').getByText('would fail again').waitFor();
    const many = await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Replay \d+$/ })
      .textContent();
    await confirm(page, many ?? '', 'to see whether it can be read now');
    await page.getByText('finished').waitFor();
    await page.getByText('came back').waitFor();
    await page.getByRole('button', { name: /^Discard \d+…$/ }).click();
    const label = await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Discard \d+$/ })
      .textContent();
    await confirm(page, label ?? '', 'no producer of ours sent it');
    await page.getByRole('dialog').getByText('What was parked behind goes on').waitFor();
    await page.goto(`${whole.url}/dead-letters?view=settled`);
    await page.getByText('discarded').first().waitFor();
    const { acts } = (await (await fetch(`${whole.url}/api/dead-letters`)).json()) as DeadLettersView;
    expect(acts.map(({ act, operator }) => [act, operator])).toContainEqual(['dead-letters.discard', 'ada']);
    expect(acts.map(({ act }) => act)).toContain('dead-letters.replay');
  });

  it('sees that inventory is stopped, follows the map to the sagas that wait for it, and sees it played back', async () => {
    await send('/api/lab/stop-inventory', { on: true });
    let then = '';
    try {
      const orderId = await place('happy');
      const page = await show('/services');
      const row = page.locator('.sv[data-s="inventory"]');
      await row.getByText('Nobody answers.').waitFor();
      expect(await page.locator('.sv').first().getAttribute('data-s')).toBe('inventory');
      await until(orderId, ({ events }) => events.some(({ type }) => type === 'PaymentCompleted'));
      await page.goto(`${whole.url}/map`);
      await page
        .getByRole('link', { name: /^PaymentCompleted from payment to inventory/ })
        .first()
        .focus();
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: /^Show all/ }).click();
      await page.locator(`a[href^="/sagas/${orderId}"]`).first().waitFor();
      expect(addressOf(page)).toContain('/sagas?service=inventory');
      then = await momentWithout('inventory');
    } finally {
      await send('/api/lab/stop-inventory', { on: false });
    }
    const page = await show(`/map?at=${then}`);
    await page.getByRole('link', { name: /^inventory, away/ }).waitFor();
  });

  it('finds the records of an order by its key, and follows what is said next', async () => {
    const orderId = await place('happy');
    await until(orderId, ({ state }) => state === 'done');
    const page = await show('/topics?view=records');
    await page.getByLabel('Key to search for').fill(orderId);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: `Remove key=${orderId}` }).waitFor();
    await page.locator('.rc-r', { hasText: 'OrderConfirmed' }).first().click();
    const panel = page.getByRole('complementary', { name: 'Selected record' });
    const href = await panel.locator('a[href^="/sagas/"]').first().getAttribute('href');
    expect(href).toContain(`/sagas/${orderId}`);
    await page.goto(`${whole.url}/topics?view=records&tail=1`);
    await page.getByText('New records come in at the top.').waitFor();
    const next = await place('happy');
    await page
      .locator('.rc-r', { hasText: next.slice(-8) })
      .first()
      .waitFor();
  });
});

describe('The lab, from the page', () => {
  // What a test leaves broken would break the next one.
  afterEach(async () => {
    await send('/api/lab/all', { on: false });
  });

  it.each([
    ['Stop shipping', 'shipping is stopped', 'InventoryReserved'],
    ["Pause order's relay", "Pause order's relay", 'outbox'],
    ['Payment provider away', 'Payment provider away', 'payment provider'],
  ])('%s: an order stands still, its page says why, and it goes on when the switch is off', async (name, said, why) => {
    const page = await show('/try?story=happy');
    await page.getByRole('switch', { name, exact: true }).click();
    await page.getByText('1 fault is there:').waitFor();
    await page.getByRole('region', { name: 'Lab' }).getByText(said).first().waitFor();
    await page.getByRole('button', { name: 'Place the order' }).click();
    await page.waitForURL(/order=/);
    const address = addressOf(page);
    const orderId = new URL(page.url()).searchParams.get('order') ?? '';
    const drawn = page.getByRole('region', { name: `Order ${orderId.slice(-8)}` });
    await drawn.getByRole('link', { name: 'Open' }).click();
    await page.locator('.finding.alarm', { hasText: why }).waitFor();
    await page.goBack();
    expect(addressOf(page)).toBe(address);
    await page.getByRole('button', { name: 'All switches off' }).click();
    await page.getByText('Everything runs.').waitFor();
    expect(await page.getByRole('switch', { checked: true }).count()).toBe(0);
    await drawn.getByText('Confirmed', { exact: true }).waitFor();
  });

  it('is written down: who looks for a fault finds what somebody switched on', async () => {
    const page = await show('/attention?kind=done');
    for (const act of ['switched on', 'switched off', 'sent']) await page.getByText(act).first().waitFor();
    await page.getByText("Pause order's relay").first().waitFor();
  });
});
