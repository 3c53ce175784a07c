import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const home = new URL('../../../', import.meta.url);
const pages = [
  'README.md',
  ...readdirSync(new URL('docs/', home), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

function textOf(page: string): string {
  return readFileSync(new URL(page, home), 'utf8');
}

/** Without its blocks of code: what stands there is no link and no heading. */
function proseOf(page: string): string {
  return textOf(page).replaceAll(/^( *)```[\s\S]*?^\1```/gm, '');
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): Set<string> {
  const headings = [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

interface Link {
  readonly page: string;
  readonly target: string;
}

const links = pages.flatMap((page): Link[] =>
  [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => ({ page, target }))
    .filter(({ target }) => !/^[a-z]+:/.test(target)),
);

function faultOf({ page, target }: Link): string | undefined {
  const [file = '', anchor] = target.split('#');
  const to = new URL(file === '' ? page : file, file === '' ? home : new URL(page, home));
  if (!existsSync(to)) return `${page}: ${target} does not exist`;
  if (anchor === undefined || statSync(to).isDirectory()) return undefined;
  const name = to.pathname.slice(home.pathname.length);
  return anchorsOf(name).has(anchor) ? undefined : `${page}: ${name} has no heading #${anchor}`;
}

describe('The documents', () => {
  it('link only to files and headings that exist', () => {
    expect(links.length).toBeGreaterThan(100);
    expect(links.map(faultOf).filter((fault) => fault !== undefined)).toEqual([]);
  });
});

describe('The glossary', () => {
  const CHASSIS = 'services/chassis/src/';
  /** The last cell of each row: one place or several, those of the chassis by their room. */
  const places = textOf('docs/glossary.md')
    .split('\n')
    .filter((line) => /^\| (?!word|---)/.test(line))
    .flatMap((line) => [...(line.split('|').at(-2) ?? '').matchAll(/`([^`]+)`/g)].map(([, place = '']) => place));

  function exists(place: string): boolean {
    const path = /^(services|infra|prisma|schemas|scripts)\//.test(place) ? place : `${CHASSIS}${place}`;
    const [service, rest = ''] = path.split('/*/');
    const folders = path.includes('/*/')
      ? readdirSync(new URL(`${service}/`, home)).map((name) => `${service}/${name}/${rest}`)
      : [path];
    return folders.some((folder) => existsSync(new URL(folder, home)));
  }

  it('names places that exist', () => {
    expect(places.length).toBeGreaterThan(50);
    expect(places.filter((place) => !exists(place))).toEqual([]);
  });
});

describe('The README', () => {
  /** Each TypeScript snippet, and the source file that is linked last before it. */
  const snippets = [...textOf('README.md').matchAll(/```ts\n([\s\S]*?)```/g)].map(({ 1: snippet = '', index }) => ({
    snippet,
    source:
      [
        ...textOf('README.md')
          .slice(0, index)
          .matchAll(/\]\((\S+\.ts)\)/g),
      ].at(-1)?.[1] ?? 'no source is linked',
  }));

  it('is read in some minutes: it has at most 200 lines', () => {
    expect(textOf('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(200);
  });

  it('begins with rows of the reaction table of payment', () => {
    expect(snippets[0]?.source).toBe('services/payment/src/reactions.ts');
  });

  it.each(snippets)('shows $source as it is, and says where it leaves something out', ({ snippet, source }) => {
    let rest = textOf(source);
    for (const part of snippet.split(/^ *…\n/m)) {
      expect(rest).toContain(part);
      rest = rest.slice(rest.indexOf(part) + part.length);
    }
  });
});
