import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { serviceNames } from '@troupe/services';
import { consoleSettings } from '../src/settings.ts';

const page = readFileSync(new URL('../../../docs/console.md', import.meta.url), 'utf8');
const [, table = ''] = page.split('\n## Settings\n');
const variables = Object.keys(consoleSettings).map((name) =>
  name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase(),
);
/** One row stands for the addresses of all services. */
const ofServices = serviceNames.map((name) => `${name.toUpperCase()}_URL`);
const isShown = (name: string) => table.includes(`\`${name}\``) || ofServices.includes(name);

it('The page of the console tells every setting', () => {
  expect(variables).toContain('SPANS_FORWARD_URL');
  expect(variables.filter((name) => !isShown(name))).toEqual([]);
});
