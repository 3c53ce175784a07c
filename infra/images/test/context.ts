import { readFileSync } from 'node:fs';

const folder = new URL('../../../', import.meta.url);

interface Rule {
  readonly pattern: RegExp;
  readonly lets: boolean;
}

const rules = readFileSync(new URL('.dockerignore', folder), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map(ruleOf);

/** Whether a build gets this file of the project: the last rule that matches it, or a folder that it is in, decides. */
export function isSent(file: string): boolean {
  const places = file.split('/').map((_, at, names) => names.slice(0, at + 1).join('/'));
  return rules.reduce((sent, { pattern, lets }) => (places.some((place) => pattern.test(place)) ? lets : sent), true);
}

/** As Docker reads a line: `!` lets in, `**` is any number of folders, `*` any name. */
function ruleOf(line: string): Rule {
  const lets = line.startsWith('!');
  const text = (lets ? line.slice(1) : line)
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*/g, (stars) => (stars === '*' ? '[^/]*' : '(?:.*/)?'));
  return { pattern: new RegExp(`^${text}$`), lets };
}
