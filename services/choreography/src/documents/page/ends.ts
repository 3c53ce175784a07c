import { code, paragraph, table } from './prose.ts';

/** One end that the prover has found, as docs/ends.json lists them. */
export interface ProvenEnd {
  readonly style: string;
  /** What holds at the end, in words. */
  readonly end: string;
  /** How many different ways lead to it. */
  readonly paths: number;
  /** In how many states an order can be at this end. */
  readonly states: number;
  /** The shortest way, a step each. */
  readonly shortest: readonly string[];
}

export const ENDS_BEGIN = '<!-- ends: begin -->';
export const ENDS_END = '<!-- ends: end -->';

/** Every end that was found, with the shortest way to each. */
export function endsSection(ends: readonly ProvenEnd[] | undefined): string {
  return [ENDS_BEGIN, ...(ends === undefined ? [NONE] : [endTable(ends), ...ends.map(shortestWay)]), ENDS_END].join(
    '\n\n',
  );
}

const NONE = paragraph(
  '`npm run prove` has written none so far. It writes docs/ends.json, and this section shows what is there.',
);

function endTable(ends: readonly ProvenEnd[]): string {
  const rows = ends.map(({ style, end, paths, states, shortest }) => {
    return [style, end, paths.toLocaleString('en-US'), states.toLocaleString('en-US'), String(shortest.length)];
  });
  return table(['style', 'end', 'paths', 'states', 'fewest steps'], rows);
}

function shortestWay({ style, end, shortest }: ProvenEnd): string {
  const steps = shortest.map((step, at) => `${at + 1}. ${step}`);
  return [`<details><summary>${style}: ${end}</summary>`, '', ...steps, '', '</details>'].join('\n');
}

/** The content of docs/ends.json. @throws Error when it is not what the prover writes */
export function readEnds(json: string): readonly ProvenEnd[] {
  const ends: unknown = JSON.parse(json);
  if (Array.isArray(ends) && ends.every(isEnd)) return ends;
  throw new Error(
    `docs/ends.json is not what the prover writes: a list of { ${Object.keys(KINDS).join(', ')} }. Write it again with ${code('npm run prove')}.`,
  );
}

const KINDS = { style: 'string', end: 'string', paths: 'number', states: 'number', shortest: 'object' };

function isEnd(end: unknown): end is ProvenEnd {
  if (typeof end !== 'object' || end === null) return false;
  const values = end as Readonly<Record<string, unknown>>;
  return Object.entries(KINDS).every(([name, kind]) => typeof values[name] === kind) && Array.isArray(values.shortest);
}
