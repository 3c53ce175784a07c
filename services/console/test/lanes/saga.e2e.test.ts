import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { SagaDetail, TraceView } from '../../src/contract/saga.ts';
import type { EdgeDetail } from '../../src/contract/services.ts';
import { accessibilityFaults, type Look, type Opened } from '../browser.ts';
import { wholeStack } from '../whole-stack.ts';

/** The page of one saga, on a whole stack. */
const whole = wholeStack();
let opened: Opened;
/** Of each style: the carrier refused, everything was undone, and the customer was told. */
const compensated = new Map<string, SagaDetail>();

beforeAll(async () => {
  for (const style of ['choreographed', 'orchestrated'] as const) compensated.set(style, await refused(style));
}, 120_000);

async function refused(style: string): Promise<SagaDetail> {
  const response = await fetch(`${whole.url}/api/stories/carrier-refuses`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify({ orchestrated: style === 'orchestrated', count: 1 }),
  });
  const { orderIds } = (await response.json()) as { orderIds: string[] };
  for (;;) {
    const saga = await get<SagaDetail>(`/api/sagas/${orderIds[0]}`);
    if (saga.steps?.some(({ event, state }) => event === 'NotificationSent' && state === 'done')) return saga;
    await sleep(200);
  }
}

const get = async <Answer>(address: string): Promise<Answer> =>
  (await (await fetch(`${whole.url}${address}`)).json()) as Answer;

async function show(style: string, address = '', look: Look = {}): Promise<Page> {
  opened = await whole.show(`/sagas/${compensated.get(style)?.orderId}${address}`, look);
  await opened.page.getByText('Everything before it was undone').waitFor();
  return opened.page;
}

/** The names of the marks of events, as they are told to who cannot see them. */
const marks = (page: Page): Promise<readonly string[]> =>
  page.locator('[data-mark]').evaluateAll((found) => found.map((mark) => mark.getAttribute('aria-label') ?? ''));

describe.each(['choreographed', 'orchestrated'])('A %s saga that was undone', (style) => {
  it('has every event drawn once, and no fault in it', async () => {
    const page = await show(style);
    const names = await marks(page);
    for (const { type } of compensated.get(style)?.events ?? [])
      expect(names.filter((name) => name.includes(type)).length).toBeGreaterThanOrEqual(1);
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(opened.problems()).toEqual([]);
  });

  it('is shown as it was: what happened later is expected, or not there', async () => {
    const page = await show(style);
    const slider = page.getByRole('slider', { name: 'Moment shown' });
    await slider.focus();
    await page.keyboard.press('Home');
    await page.waitForURL(/[?&]at=/);
    await page.getByText('Everything before it was undone').waitFor({ state: 'hidden' });
    await page.getByText('So it stood at').waitFor();
    expect((await marks(page)).filter((name) => name.includes('OrderCancelled'))).toEqual([]);
    await page.getByRole('region', { name: 'Money and stock' }).getByText('$65.99').waitFor({ state: 'hidden' });
    await page.keyboard.press('End');
    await page.getByText('Everything before it was undone').waitFor();
    expect((await marks(page)).filter((name) => name.includes('OrderCancelled')).length).toBeGreaterThanOrEqual(1);
    expect(opened.problems()).toEqual([]);
  });
});

it('Each of its hops has four numbers, and their sum is the time from said to handled', async () => {
  const address = `/api/sagas/${compensated.get('choreographed')?.orderId}`;
  const numbersOf = ({ seams }: SagaDetail['readings'][number]) =>
    [seams.outboxMs, seams.brokerMs, seams.waitMs, seams.handlerMs] as const;
  // Services send their spans every few seconds.
  let hops: SagaDetail['readings'] = [];
  while (hops.length === 0 || hops.some((hop) => numbersOf(hop).includes(null))) {
    await sleep(200);
    hops = (await get<SagaDetail>(address)).readings.filter(({ state }) => state === 'answered');
  }
  const { spans } = await get<TraceView>(`${address}/trace`);
  const { events } = await get<SagaDetail>(address);
  const saidAt = (id: string | undefined) => Date.parse(events.find((event) => event.id === id)?.at ?? '');
  for (const hop of hops) {
    const span = spans.find(
      ({ kind, service, attributes }) =>
        kind === 'consumer' && service === hop.service && attributes['messaging.message.id'] === hop.eventId,
    );
    const handledAt = Math.max(Date.parse(span?.start ?? '') + (span?.durationUs ?? 0) / 1_000, saidAt(hop.caused[0]));
    const sum = numbersOf(hop).reduce<number>((total, ms) => total + (ms ?? Number.NaN), 0);
    expect(Math.min(...numbersOf(hop).map((ms) => ms ?? Number.NaN))).toBeGreaterThanOrEqual(0);
    expect(Math.abs(sum - (handledAt - saidAt(hop.eventId)))).toBeLessThanOrEqual(2);
  }
  expect(hops.length).toBeGreaterThanOrEqual(6);
  const { seams } = await get<EdgeDetail>('/api/map/edge?event=PaymentCompleted&to=inventory');
  expect(seams.map(({ seam, p50Ms }) => [seam, (p50Ms ?? -1) >= 0])).toEqual(
    ['outbox', 'broker', 'wait', 'handler'].map((seam) => [seam, true]),
  );
  const page = await show('choreographed', `?event=${hops[0]?.caused[0]}`);
  const panel = page.getByRole('complementary', { name: 'Chosen event' });
  for (const seam of ['outbox', 'broker', 'wait', 'handler'])
    await panel.getByRole('term').filter({ hasText: seam }).waitFor();
});

it('By keys alone: from event to event, into the panel, to another view, and back to the list', async () => {
  const page = await show('choreographed');
  await page.keyboard.press('ArrowRight');
  await page.waitForURL(/[?&]event=/);
  const panel = page.getByRole('complementary', { name: 'Chosen event' });
  await panel.getByText('Payload').waitFor();
  await page.keyboard.press('2');
  await page.waitForURL(/[?&]view=list/);
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'hidden' });
  expect(opened.problems()).toEqual([]);
});

it.each([
  ['light', 'phone'],
  ['dark', 'phone'],
  ['dark', 'desk'],
] as const)('In %s at the %s it has no fault either', async (theme, at) => {
  const page = await show('choreographed', '', { theme, at });
  expect(await accessibilityFaults(page)).toEqual([]);
  const width = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  expect(width).toBe(0);
  expect(opened.problems()).toEqual([]);
});
