import { readFileSync, writeFileSync } from 'node:fs';
import { FAULTS } from './faults.ts';

const BEGIN = '<!-- The table of faults: written from services/console/test/faults/faults.ts -->';
const END = '<!-- The end of the table of faults -->';

/** What docs/reliability.md says of the faults. */
export const faultTable = (): string =>
  [
    '| what is broken, and where the order stands | code |',
    '| --- | --- |',
    ...FAULTS.map(({ what, code }) => `| ${what} | ${code === null ? 'none' : `\`${code}\``} |`),
  ].join('\n');

/** The table as the document has it; undefined where its marks are missing. */
export function tableIn(file: URL): string | undefined {
  const text = readFileSync(file, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  return from < 0 || to < 0 ? undefined : text.slice(from + BEGIN.length, to).trim();
}

export function writeTable(file: URL): void {
  const text = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    `${text.slice(0, text.indexOf(BEGIN) + BEGIN.length)}\n${faultTable()}\n${text.slice(text.indexOf(END))}`,
  );
}
