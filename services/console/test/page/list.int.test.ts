import { describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import type { Overview, SagaPage, SagaRow } from '../../src/contract/index.ts';
import { overview, page as sagaPage } from '../../web/dev/answers.ts';
import { accessibilityFaults, addressOf } from '../browser.ts';
import { inEveryLook } from '../pages/every-look.ts';
import { list } from '../pages/fixture/list.ts';
import { onAnswers } from '../pages/on-answers.ts';
import type { Answers } from '../pages/stand-in.ts';

/** The list and Try as a running stack shows them seldom: held, rebuilt, behind, without an answer. On chosen answers. */
const shown = onAnswers(list);
const { show } = shown;

const reading =
  (change: Partial<Overview['reading']>): Answers['live'][string] =>
  (tick) => {
    const now = overview(tick);
    return { ...now, reading: { ...now.reading, ...change } };
  };

const rows = (page: Page): Locator => page.locator('.line.row');
const idsOf = async (page: Page): Promise<readonly string[]> =>
  (await rows(page).locator('.c-id a').allInnerTexts()).slice(0, 6);

/** The second row of what moves. */
const second = sagaPage(new URLSearchParams('state=running')).items[1] as SagaRow;
const NEW = ['11111111', '22222222', '33333333'] as const;

/** After a while: three sagas are new, and the second of the list has ended. */
function later({ searchParams }: URL): SagaPage {
  const before = sagaPage(searchParams);
  if (searchParams.get('ids') !== null)
    return { ...before, items: [{ ...second, state: 'done', outcome: 'confirmed', standsAt: 'confirmed' }] };
  const fresh = NEW.map((end) => ({ ...second, orderId: `01a21414-5b31-7c44-9a80-0c77${end}` }));
  const items = [...fresh, ...before.items.filter(({ orderId }) => orderId !== second.orderId)];
  return { ...before, items, total: before.total + 2 };
}
const muchLater: Answers = {
  api: { ...list.api, '/api/sagas': later },
  live: { overview, changed: () => ({ orderIds: [second.orderId], more: false }) },
};

describe('The list', () => {
  it.each([
    ['the pointer is in it', (page: Page) => rows(page).nth(3).hover()],
    ['the focus is in it', (page: Page) => page.keyboard.press('ArrowDown')],
    ['l was pressed', (page: Page) => page.keyboard.press('l')],
  ])('holds still while %s, and moves on "show"', async (_, hold) => {
    const page = await show('/sagas?state=running');
    await rows(page).first().waitFor();
    await hold(page);
    const [before, place] = [await idsOf(page), await rows(page).nth(3).boundingBox()];
    shown.answers = muchLater;
    const newer = page.getByRole('button', { name: '3 newer, show' });
    await newer.waitFor();
    await page.locator('.row.gone').waitFor();
    expect(await page.locator('.row.gone .c-id a').allInnerTexts()).toEqual([before[1]]);
    expect([await idsOf(page), await rows(page).nth(3).boundingBox()]).toEqual([before, place]);
    expect(await accessibilityFaults(page)).toEqual([]);
    await newer.click();
    await page.locator('.row.gone').waitFor({ state: 'detached' });
    expect(await idsOf(page)).toEqual([...NEW, before[0], before[2], before[3]]);
  });

  it('moves by itself while nobody looks closely', async () => {
    const page = await show('/sagas?state=running');
    await rows(page).first().waitFor();
    shown.answers = muchLater;
    await rows(page).filter({ hasText: NEW[0] }).waitFor();
    expect(await page.getByRole('button', { name: /newer, show$/ }).count()).toBe(0);
  });
});

describe('Instead of the list, or above it', () => {
  const AS_NOW = { newestAt: new Date().toISOString(), perSecond: 62 };

  it('a console that is rebuilt says how far it is, and then shows the list', async () => {
    const rebuilding = { done: 41_000, of: 100_000, secondsLeft: 30 };
    shown.answers = { ...list, live: { overview: reading({ rebuilding }) } };
    const page = await show('/sagas');
    await page.getByRole('heading', { name: 'Reading the topics from their beginning' }).waitFor();
    await page.locator('.empty', { hasText: '41 %, 41,000 of 100,000 events, about 30 s left' }).waitFor();
    await page.locator('.live', { hasText: 'Rebuilding' }).waitFor();
    expect(await rows(page).count()).toBe(0);
    expect(await accessibilityFaults(page)).toEqual([]);
    shown.answers = list;
    await rows(page).first().waitFor();
  });

  it('a console that is behind says of when it tells, and that nothing is lost', async () => {
    const newestAt = new Date(Date.now() - 8_000).toISOString();
    shown.answers = { ...list, live: { overview: reading({ ...AS_NOW, newestAt, behind: 1_204 }) } };
    const page = await show('/sagas');
    const strip = page.locator('.strips');
    await strip.getByText('reads 1,204 events behind the topics and catches up at 62.0 a second').waitFor();
    await strip.getByText(/^Shown as of \d\d:\d\d:\d\d/).waitFor();
    await page.locator('.live', { hasText: 'Behind' }).waitFor();
    await rows(page).first().waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    shown.answers = list;
    await strip.waitFor({ state: 'detached' });
  });

  it('a server that does not answer is named, ages stand still, and the stream goes on where it stopped', async () => {
    const page = await show('/sagas?state=running');
    await rows(page).first().waitFor();
    shown.forgive(/net::ERR_/);
    shown.answers = { ...list, away: true };
    const strip = page.locator('.strips');
    await strip.getByText('No answer from the console’s server for').waitFor();
    await page.locator('.live', { hasText: 'No answer' }).waitFor();
    const [said, ages] = [await strip.textContent(), await agesOf(page)];
    await strip.getByText(said ?? '', { exact: true }).waitFor({ state: 'detached' });
    expect(await agesOf(page)).toEqual(ages);
    expect(await accessibilityFaults(page)).toEqual([]);
    const resumes = page.waitForRequest(/\/api\/live\?.*lastEventId=\d+/);
    await strip.getByRole('button', { name: 'Try now' }).click();
    await resumes;
    shown.answers = list;
    await strip.waitFor({ state: 'detached' });
    await page.locator('.live', { hasText: 'Live' }).waitFor();
  });
});

const agesOf = async (page: Page): Promise<readonly string[]> =>
  (await rows(page).locator('.c-wait').allInnerTexts()).slice(0, 6);

inEveryLook(shown, [
  ['/sagas', 'has not answered'],
  ['/sagas?group=flat&q=nobody', 'Drop q'],
  ['/try', 'Choose a story'],
]);

it('An address that is none of the console’s says so, and leads on', async () => {
  const page = await show('/nowhere');
  await page.getByRole('heading', { level: 1, name: 'There is nothing at /nowhere' }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('link', { name: 'All sagas', exact: true }).click();
  await rows(page).first().waitFor();
  expect(addressOf(page)).toBe('/sagas');
});
