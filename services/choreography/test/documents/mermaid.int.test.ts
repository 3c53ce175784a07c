import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as driver, type Page } from 'playwright-core';

const home = new URL('../../../../', import.meta.url);
/** Mermaid itself in one file, without the kinds of diagrams that need large libraries. */
const mermaid = createRequire(import.meta.url).resolve('@mermaid-js/tiny');

interface Diagram {
  readonly title: string;
  readonly text: string;
}

/** The diagrams of a page, each with the heading above it. */
function diagramsOf(page: string): readonly Diagram[] {
  const text = readFileSync(new URL(page, home), 'utf8');
  return [...text.matchAll(/^```mermaid\n([\s\S]*?)\n```$/gm)].map(({ 1: diagram = '', index }) => {
    const heading = [...text.slice(0, index).matchAll(/^#+ (.+)$/gm)].at(-1)?.[1];
    return { title: `${page}: ${heading}`, text: diagram };
  });
}

const docs = readdirSync(new URL('docs/', home), { recursive: true, encoding: 'utf8' });
const pages = ['README.md', ...docs.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];
const diagrams = pages.flatMap(diagramsOf);

let browser: Browser;
let page: Page;
beforeAll(async () => {
  // The packaged browser is one for Linux; elsewhere it is the one that is installed.
  browser = await driver.launch(
    process.platform === 'linux'
      ? { executablePath: await chromium.executablePath(), args: chromium.args }
      : { channel: 'chrome' },
  );
  page = await browser.newPage();
  await page.setContent('<!doctype html><body></body>');
  await page.addScriptTag({ path: mermaid });
}, 60_000);
afterAll(() => browser?.close());

/** What Mermaid draws, as SVG. @throws as Mermaid does, when it cannot */
const drawn = (text: string): Promise<string> =>
  page.evaluate(async (diagram) => {
    const { mermaid: library } = globalThis as unknown as {
      mermaid: { render(id: string, text: string): Promise<{ svg: string }> };
    };
    return (await library.render(`d${Math.random().toString(36).slice(2)}`, diagram)).svg;
  }, text);

describe('Mermaid', () => {
  it.each(diagrams)('draws $title', async ({ text }) => {
    const svg = await drawn(text);
    // Events, calls, timers and commands, which a diagram that is cut off would not have.
    const names = [...text.matchAll(/\b[A-Z][a-z]+[A-Z]\w+/g)].map(([name]) => name);
    expect(names.filter((name) => !svg.includes(name))).toEqual([]);
    expect(svg).not.toContain('Syntax error');
  });

  it('finds that there is a diagram for each service and for each way to an end', () => {
    expect(diagrams.length).toBeGreaterThan(15);
  });

  it('refuses what is no diagram', async () => {
    await expect(drawn('flowchart LR\n  a -- --> end')).rejects.toThrow();
  });
});
