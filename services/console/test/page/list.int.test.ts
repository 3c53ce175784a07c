import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { Overview, SagaPage } from '../../src/contract/saga.ts';
import { overview, page as pageOf, stories } from '../../web/dev/answers.ts';
import { accessibilityFaults, addressOf, type Look, launch, type Opened, open } from '../browser.ts';
import { type Answers, Failure, standIn } from '../pages/stand-in.ts';

let browser: Browser;
let server: Server;
let opened: Opened | undefined;

/** How things stand; a test changes them. */
let now: Overview;
let rows: (query: URLSearchParams) => SagaPage | Failure;
const answers = (): Answers => ({
  api: {
    '/api/overview': () => now,
    '/api/sagas': (url) => rows(url.searchParams),
    '/api/stories': () => stories,
    '/api/lab': () => ({ available: false, switches: [], sends: [] }),
    '/api/services': () => ({ services: [{ name: 'inventory' }], around: [], alarm: null }),
  },
  live: { overview: () => now, changed: () => ({ orderIds: [], more: true }) },
});

beforeAll(async () => {
  browser = await launch();
  server = standIn(answers).listen(0, '127.0.0.1');
  await once(server, 'listening');
}, 60_000);
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});
afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

async function look(path: string, how: Look = {}) {
  now ??= overview(0);
  opened = await open(browser, `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, how);
  return opened;
}
function night() {
  now = overview(0);
  rows = pageOf;
}
const none: SagaPage = { items: [], nextCursor: null, total: 0, without: {} };

describe('The start page', () => {
  it('is gone through by keys alone: to a row, into its saga, and back to the same list', async () => {
    night();
    const { page, problems } = await look('/sagas?style=choreographed');
    await page
      .getByRole('row', { name: /SKU|cancels itself/ })
      .first()
      .waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const second = await page.locator(':focus').getAttribute('href');
    expect(second).toMatch(/^\/sagas\/[0-9a-f-]{36}$/);
    await page.keyboard.press('ArrowUp');
    const first = await page.locator(':focus').getAttribute('href');
    expect(first).not.toBe(second);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname === first);
    await page.goBack();
    expect(addressOf(page)).toBe('/sagas?style=choreographed');
    expect(problems().filter((problem) => !/404/.test(problem))).toEqual([]);
  });

  it('has its filters in the address: each is a step that back undoes', async () => {
    night();
    const { page, problems } = await look('/sagas');
    await page.keyboard.press('f');
    await page.getByRole('group', { name: 'State' }).getByRole('button', { name: 'stuck' }).click();
    expect(addressOf(page)).toBe('/sagas?state=stuck');
    await page.getByRole('group', { name: 'Stands so for longer than' }).getByRole('button', { name: '30 s' }).click();
    expect(addressOf(page)).toBe('/sagas?state=stuck&older=30s');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Remove state=stuck' }).click();
    expect(addressOf(page)).toBe('/sagas?older=30s');
    await page.goBack();
    await page.goBack();
    expect(addressOf(page)).toBe('/sagas?state=stuck');
    await page.getByRole('button', { name: 'Remove state=stuck' }).waitFor();
    await page.keyboard.press('g');
    expect(addressOf(page)).toBe('/sagas?state=stuck&group=flat');
    expect(problems()).toEqual([]);
  });

  it('searches as one types, in one step', async () => {
    night();
    const { page } = await look('/sagas');
    await page.keyboard.press('/');
    await page.keyboard.type('c-1144', { delay: 20 });
    await page.waitForURL(/q=c-1144/);
    expect(await page.getByRole('row').count()).toBeGreaterThan(1);
    await page.goBack();
    expect(addressOf(page)).toBe('/sagas');
  });

  it('moves no row while the pointer is in the list: what is new waits, and comes with "show"', async () => {
    night();
    const { page } = await look('/sagas');
    const list = page.getByRole('table', { name: 'Sagas' });
    await list.getByRole('row').nth(2).hover();
    const names = () =>
      list
        .getByRole('row')
        .filter({ has: page.locator('.c-id a') })
        .locator('.c-id a')
        .allTextContents();
    const before = await names();
    const { causes } = now;
    rows = (query) => {
      const given = pageOf(query);
      if (query.get('state') !== 'running') return given;
      const added = given.items
        .slice(0, 3)
        .map((row, at) => ({ ...row, orderId: `00000000-0000-4000-a000-00000000000${at}` }));
      return { ...given, items: [...added, ...given.items] };
    };
    now = { ...now, causes: causes.slice(1) };
    const pill = page.getByRole('button', { name: '3 newer, show' });
    await pill.waitFor();
    expect(await names()).toEqual(before);
    expect(await page.locator('.grp.gone').count()).toBe(1);
    await pill.click();
    await page.locator('.grp.gone').waitFor({ state: 'detached' });
    expect(await names()).toContain('00000000');
  });

  it('reads further pages at the end of a long list, and has only the rows in sight on the page', async () => {
    night();
    const { page } = await look('/sagas?state=done');
    const list = page.getByRole('table', { name: 'Sagas' });
    await list.getByRole('row').nth(3).waitFor();
    for (let times = 0; times < 6; times += 1) {
      await page.evaluate('scrollTo(0, document.body.scrollHeight)');
      await page.waitForTimeout(150);
    }
    expect(Number(await list.getAttribute('aria-rowcount'))).toBeGreaterThan(250);
    expect(await list.getByRole('row').count()).toBeLessThan(80);
  });

  it('keeps a view under a name', async () => {
    night();
    const { page } = await look('/sagas?state=stuck');
    await page.getByRole('button', { name: 'Save view' }).click();
    await page.keyboard.type('Night watch');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'All', exact: true }).click();
    await page.getByRole('link', { name: 'Night watch' }).click();
    expect(addressOf(page)).toBe('/sagas?state=stuck');
    await page.getByRole('button', { name: 'Forget the view Night watch' }).click();
    expect(await page.getByRole('link', { name: 'Night watch' }).count()).toBe(0);
  });
});

describe('When there is nothing to show', () => {
  it('says what to do when nothing was ever ordered', async () => {
    now = { ...overview(0), causes: [] };
    rows = () => none;
    const { page } = await look('/sagas');
    await page.getByRole('heading', { name: 'No saga yet' }).waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Place an order' }).last().click();
    expect(addressOf(page)).toBe('/try');
    expect(await page.title()).toBe('Try · Troupe');
  });

  it('says which filter to drop, and how many that brings', async () => {
    night();
    rows = () => ({ ...none, without: { older: 3, service: 42 } });
    const { page } = await look('/sagas?state=stuck&service=shipping&older=30s');
    await page.getByRole('heading', { name: 'No stuck saga at shipping older than 30 s' }).waitFor();
    await page.getByRole('button', { name: 'Drop older' }).click();
    expect(addressOf(page)).toBe('/sagas?state=stuck&service=shipping');
  });

  it('shows how far the rebuild is instead of a list that would be wrong', async () => {
    night();
    now = { ...now, reading: { ...now.reading, rebuilding: { done: 612_000, of: 1_003_448, secondsLeft: 40 } } };
    const { page } = await look('/sagas');
    await page.getByText('61 %').waitFor();
    expect(await page.getByRole('table').count()).toBe(0);
  });

  it('says that it is behind', async () => {
    night();
    now = { ...now, reading: { ...now.reading, behind: 4110, newestAt: new Date(Date.now() - 37_000).toISOString() } };
    const { page } = await look('/sagas');
    await page.getByText('4,110 events behind').waitFor();
    await page.getByText('Behind', { exact: true }).waitFor();
  });

  it('says that nothing answers, stops the ages, and goes on by itself', async () => {
    night();
    const { page, forgive } = await look('/sagas');
    forgive(/ERR_|503/);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.route('**/api/live*', (route) => route.abort());
    server.closeAllConnections();
    await page.getByText(/No answer from the console’s server for/).waitFor();
    const ages = () => page.locator('.line.row time').allTextContents();
    const before = await ages();
    await page.waitForTimeout(2_100);
    expect(await ages()).toEqual(before);
    await page.unroute('**/api/live*');
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.getByText('Live', { exact: true }).waitFor();
  });

  it('says what the server refused, and asks again', async () => {
    night();
    rows = () => new Failure(400, 'The query is wrong', 'total must be two amounts with two dots between them.');
    const { page } = await look('/sagas?total=abc');
    await page.getByText('The query is wrong. total must be two amounts with two dots between them.').waitFor();
    rows = pageOf;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('table', { name: 'Sagas' }).waitFor();
  });

  it('says of an address that is none how to go on', async () => {
    night();
    const { page } = await look('/nowhere');
    await page.getByRole('heading', { level: 1, name: 'There is nothing at /nowhere' }).waitFor();
  });
});

describe.each([
  ['light', 'desk'],
  ['dark', 'desk'],
  ['light', 'phone'],
  ['dark', 'phone'],
] as const)('In %s at the %s', (theme, at) => {
  it.each(['/sagas', '/sagas?since=1h&group=flat', '/try'])(
    'axe finds nothing on %s, and its policy is kept',
    async (path) => {
      night();
      const { page, problems } = await look(path, { theme, at });
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.getByText('Live', { exact: true }).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      if (path.startsWith('/sagas')) await page.getByRole('button', { name: 'Filter' }).click();
      expect(await accessibilityFaults(page)).toEqual([]);
      const wider = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      expect(wider).toBeLessThanOrEqual(0);
      expect(problems()).toEqual([]);
    },
  );
});

it('Tells every key that is bound, and moves the focus to a new screen', async () => {
  night();
  const { page } = await look('/sagas');
  await page.getByRole('table', { name: 'Sagas' }).waitFor();
  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'Keys' });
  for (const says of ['search', 'all keys', 'filter', 'by cause or flat', 'live or held'])
    expect(await keys.getByText(says, { exact: true }).count()).toBe(1);
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.keyboard.press('Escape');
  expect(await keys.count()).toBe(0);
  await page.getByRole('link', { name: 'Try', exact: true }).first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Try' }).waitFor();
  expect(await page.evaluate('document.activeElement?.id')).toBe('main');
});

it('Keeps the theme that was chosen, from the first paint on', async () => {
  night();
  const { page } = await look('/sagas', { theme: 'light' });
  await page.getByRole('button', { name: /^Theme/ }).click();
  expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
  await page.reload({ waitUntil: 'commit' });
  expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
});
