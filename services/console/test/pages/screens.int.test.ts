import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { MapView } from '../../src/index.ts';
import { addressOf } from '../browser.ts';
import { inEveryLook } from './every-look.ts';
import { night } from './fixture/answers.ts';
import { orderId } from './fixture/night.ts';
import { calmServices } from './fixture/services.ts';
import { onAnswers } from './on-answers.ts';
import { type Answers, Failure } from './stand-in.ts';

/** What a running stack shows once in a while, or never: the built page on chosen answers. */
const shown = onAnswers(night);
const { show } = shown;

/** The night with another answer, and without what the stream would say instead. */
const but = (path: string, answer: Answers['api'][string]): Answers => ({
  api: { ...night.api, [path]: answer },
  live: { overview: night.live.overview as Answers['live'][string] },
});

const LETTER = '01a1fdad-954a-73b2-9cc8-14b3f9fc7884';
const SCREENS = [
  ['/services?open=inventory', 'inventory'],
  ['/map?edge=PaymentCompleted/inventory', 'Sagas that stand here'],
  ['/map?form=table', 'ShipmentFailed'],
  [`/dead-letters?letter=${LETTER}&replay=1`, 'Bytes'],
  ['/dead-letters?view=settled', 'replayed'],
  ['/dead-letters?view=replays', 'by on-call'],
  ['/attention', 'Approvals'],
  ['/topics', 'order.events'],
  ['/topics?view=records&tail=1&record=inventory.events/0@9000', 'Headers'],
  ['/topics?view=groups', 'Stable'],
  ['/topics?view=schemas', 'OrderCancelled'],
] as const;

inEveryLook(shown, SCREENS);

describe('Services', () => {
  it('shows the broken first, and says what a symptom follows from', async () => {
    const page = await show('/services');
    await page.getByText('runs nowhere since').waitFor();
    const names = await page.locator('.sv .svc-n').allInnerTexts();
    expect(names).toEqual(['inventory', 'shipping', 'order', 'payment', 'notification']);
    await page.getByRole('link', { name: 'inventory', exact: true }).click();
    expect(addressOf(page)).toBe('/services?open=inventory');
    await page.getByRole('region', { name: 'inventory whole' }).waitFor();
    await page.goBack();
    expect(addressOf(page)).toBe('/services');
  });

  it('says that nothing is wrong by saying nothing', async () => {
    shown.answers = { ...night, live: { ...night.live, services: () => calmServices } };
    const page = await show('/services');
    await page.getByText('5 ready').waitFor();
    expect(await page.locator('.finding').count()).toBe(0);
  });

  it('says what to do when it cannot be asked', async () => {
    shown.answers = but('/api/services', () => new Failure(503, 'Kafka is away', 'Start it.'));
    const page = await show('/services');
    shown.forgive(/503/);
    await page.getByText('Kafka is away. Start it.').waitFor();
    shown.answers = night;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Around them').waitFor();
  });

  it('is walked through by keys alone', async () => {
    const page = await show('/services');
    await page.getByText('Around them').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.getByRole('region', { name: 'shipping whole' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('region', { name: 'shipping whole' }).waitFor({ state: 'detached' });
  });
});

describe('The map', () => {
  it('leads from an edge to the sagas that stand there', async () => {
    const page = await show('/map');
    await page.getByRole('link', { name: /^PaymentCompleted from payment to inventory/ }).focus();
    await page.keyboard.press('Enter');
    expect(addressOf(page)).toBe('/map?edge=PaymentCompleted/inventory');
    expect(await page.locator('.here a').allInnerTexts()).toEqual(['93b0c7e1', 'e86ecfbc', '5f21aa08']);
    await page.getByRole('link', { name: 'Show all 187' }).click();
    expect(addressOf(page)).toBe('/sagas?service=inventory&state=stuck,running,attention');
  });

  it('goes back in time, plays, and comes back to now', async () => {
    const asked: string[] = [];
    shown.answers = {
      ...night,
      api: {
        ...night.api,
        '/api/map': (url) => {
          asked.push(url.search);
          return night.api['/api/map']?.(url, 'GET', null);
        },
      },
    };
    const page = await show('/map');
    await page.getByRole('slider', { name: 'Moment that is shown' }).focus();
    await page.keyboard.press('ArrowLeft');
    await page.getByText('As it was at 02:13').waitFor();
    expect(asked.at(-1)).toMatch(/^\?from=2026-11-30T02:12:\d\d.000Z&until=2026-11-30T02:13:\d\d.000Z$/);
    await page.getByRole('button', { name: 'Play the past quarter of an hour' }).click();
    await page.getByText('As it was at').waitFor({ state: 'detached' });
    expect(addressOf(page)).toBe('/map');
  });

  it('shows how services stood then, and from when on that is known', async () => {
    const then = night.live.map?.(0, 'map') as MapView;
    const services = then.services.map(({ service }) => ({ service, standing: 'ready', lines: ['not known'] }));
    shown.answers = but('/api/map', () => ({ ...then, services, notSeenBefore: '2026-11-30T02:09:30.000Z' }));
    const page = await show('/map?at=2026-11-30T02:05:00.000Z');
    await page.getByText('known from 02:09:30 on, since the console runs').waitFor();
    await page.getByRole('link', { name: 'inventory, not known', exact: true }).waitFor();
    shown.answers = but('/api/map', () => then);
    await page.goto(page.url().replace('02:05', '02:12'));
    await page.getByRole('link', { name: /^inventory, 0 of 2 running/ }).waitFor();
    expect(await page.getByText('since the console runs').count()).toBe(0);
  });

  it('draws every service and edge in the same place, whatever passes', async () => {
    const places = async (page: Page) =>
      page
        .locator('.mapsvg .e')
        .evaluateAll((all) =>
          all.map((one) => String((one as unknown as { getAttribute(name: string): string }).getAttribute('d'))).sort(),
        );
    const page = await show('/map');
    await page.locator('.mapsvg').waitFor();
    const before = await places(page);
    expect(before.length).toBeGreaterThan(10);
    const quiet = { ...(night.live.map?.(0, 'map') as { edges: object[] }) };
    quiet.edges = quiet.edges.map((edge) => ({ ...edge, perSecond: 0, behind: 0, deadLetters: 0 }));
    shown.answers = { ...night, live: { ...night.live, map: () => quiet } };
    await page.locator('.pill', { hasText: '1,204 behind' }).waitFor({ state: 'detached' });
    expect(await places(page)).toEqual(before);
  });
});

describe('Dead letters', () => {
  it('shows what a replay would come to before it is done, and asks why', async () => {
    const page = await show('/dead-letters');
    await page.getByRole('button', { name: 'Dry run' }).click();
    await page.getByText('Dry run of 44 letters').waitFor();
    await page.getByText(': bytes end inside items').waitFor();
    await page.getByRole('button', { name: 'Replay 44…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('1 letter would fail again').waitFor();
    const act = dialog.getByRole('button', { name: 'Replay 44', exact: true });
    expect(await act.isDisabled()).toBe(true);
    await dialog.getByLabel('Operator').fill('ada');
    await dialog.getByLabel('Reason').fill('the schema is back');
    await act.click();
    await page.getByText('148 of 200').waitFor();
    expect(addressOf(page)).toContain('replay=01a1fdb4');
  });

  it('shows what somebody else wrote as text', async () => {
    const page = await show('/dead-letters');
    await page.getByText('There is no letter for reason <b>CARRIER_STRIKE</b>.').waitFor();
  });

  it('marks where decoding ended', async () => {
    const page = await show(`/dead-letters?letter=${LETTER}`);
    await page.getByText('decodes up to byte 20 of 24').waitFor();
    expect(await page.locator('mark').textContent()).toMatch(/^(\w\w ){3}\w\w$/);
  });

  it('says so when there is none, and how to make one', async () => {
    const none = { causes: [], open: 0, parked: 0, settled: { replayed: 0, discarded: 0 }, acts: [], gaps: [] };
    shown.answers = { ...night, api: { ...night.api, '/api/dead-letters': () => none } };
    const page = await show('/dead-letters');
    await page.getByRole('heading', { name: 'No dead letter' }).waitFor();
    expect(await page.getByRole('link', { name: 'Send a poison message' }).getAttribute('href')).toBe('/try');
  });
});

describe('Attention', () => {
  it('names the service that did not answer, and shows what the others said', async () => {
    const gap = 'payment did not answer within 2 s: its approvals and refunds are not shown.';
    const attention = night.api['/api/attention']?.(new URL('http://localhost'), 'GET', null) as object;
    shown.answers = but('/api/attention', () => ({ ...attention, gaps: [gap] }));
    const page = await show('/attention');
    await page.locator('.gaps').getByText(gap).waitFor();
    await page.getByText('Approvals').first().waitFor();
  });

  it('has the act for each, with what it comes to', async () => {
    const sent: unknown[] = [];
    shown.answers = {
      ...night,
      api: {
        ...night.api,
        '/api/acts/*': (url, _, body) => {
          sent.push([url.pathname, body]);
          return { ok: true, sentence: 'It is approved.', code: null };
        },
      },
    };
    const page = await show('/attention');
    await page.getByRole('button', { name: 'Approve…' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('The payment is charged at once').waitFor();
    await dialog.getByLabel('Operator').fill('ada');
    await dialog.getByRole('button', { name: 'Approve', exact: true }).click();
    await dialog.getByText('It is approved.').waitFor();
    expect(sent).toEqual([
      ['/api/acts/approve', { params: { orderId: orderId('d07f3be2') }, reason: '', operator: 'ada' }],
    ]);
  });
});

describe('Topics', () => {
  it('finds records by key, and shows one with the way to its saga', async () => {
    const page = await show('/topics?view=records');
    await page.getByLabel('Key to search for').fill(orderId('93b0c7e1'));
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^Remove key=/ }).waitFor();
    await page
      .getByRole('button', { name: /OrderCreated/ })
      .first()
      .click();
    const panel = page.getByRole('complementary', { name: 'Selected record' });
    await panel.getByText('<img src=x onerror=alert(1)>').waitFor();
    expect(await panel.getByRole('link', { name: '93b0c7e1' }).getAttribute('href')).toMatch(
      `/sagas/${orderId('93b0c7e1')}?event=`,
    );
  });

  it('draws only what is in sight of a thousand records', async () => {
    const page = await show('/topics?view=records');
    await page.locator('.rc-r').first().waitFor();
    await page
      .locator('.rc-s')
      .evaluate((list) => (list as unknown as { scrollTo(x: number, y: number): void }).scrollTo(0, 3000));
    await page.getByText('9000').first().waitFor({ state: 'detached' });
    expect(await page.locator('.rc-r').count()).toBeLessThan(80);
  });

  it('holds the tail while one reads', async () => {
    const page = await show('/topics?view=records&tail=1');
    await page.getByText('New records come in at the top.').waitFor();
    await page.locator('.rc-r').first().hover();
    await page.getByText('Held while you read.').waitFor();
    const first = await page.locator('.rc-r').first().textContent();
    const newer = page.getByRole('button', { name: /newer, show$/ });
    await newer.waitFor();
    expect(await page.locator('.rc-r').first().textContent()).toBe(first);
    await newer.click();
    expect(await page.locator('.rc-r').first().textContent()).not.toBe(first);
  });

  it('names the filter that leaves nothing', async () => {
    const page = await show('/topics?view=records&q=nothing-like-that');
    await page.getByRole('heading', { name: 'No record like that' }).waitFor();
    await page.getByRole('button', { name: 'Drop content' }).click();
    await page.locator('.rc-r').first().waitFor();
    expect(addressOf(page)).toBe('/topics?view=records');
  });
});
