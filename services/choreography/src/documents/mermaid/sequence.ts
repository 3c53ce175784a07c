import { sequenceText } from './label.ts';

/** What is drawn, from top to bottom. */
export type Moment =
  | {
      readonly kind: 'event';
      readonly from: string;
      readonly to: string;
      readonly text: string;
      readonly dotted: boolean;
    }
  | { readonly kind: 'command'; readonly to: string; readonly text: string }
  | { readonly kind: 'note'; readonly over: readonly string[]; readonly text: string }
  /** Several things of which each may happen, or all at the same time. */
  | { readonly kind: 'either' | 'together'; readonly parts: readonly Part[] }
  /** What goes wrong, in another colour. */
  | { readonly kind: 'shaded'; readonly moments: readonly Moment[] };

export interface Part {
  readonly title: string;
  readonly moments: readonly Moment[];
}

const PERSON = 'person';
/** Faint, so that texts can be read on it in a light theme and in a dark one. */
const SHADE = 'rgba(214, 84, 60, 0.14)';

/** A sequence diagram in Mermaid's language. The lanes are those of `lanes` that the moments need, in their order. */
export function sequenceDiagram(lanes: readonly string[], moments: readonly Moment[]): string {
  const used = new Set(moments.flatMap(lanesOf));
  return [
    // Without the lanes' names once more at the bottom.
    '%%{init: {"sequence": {"mirrorActors": false}}}%%',
    'sequenceDiagram',
    ...(used.has(PERSON) ? [`  actor ${PERSON} as a person`] : []),
    ...lanes.filter((lane) => used.has(lane)).map((lane) => `  participant ${lane}`),
    ...moments.flatMap((moment) => linesOf(moment, lanes)).map((line) => `  ${line}`),
  ].join('\n');
}

function lanesOf(moment: Moment): readonly string[] {
  switch (moment.kind) {
    case 'event':
      return [moment.from, moment.to];
    case 'command':
      return [PERSON, moment.to];
    case 'note':
      return moment.over;
    case 'shaded':
      return moment.moments.flatMap(lanesOf);
    default:
      return moment.parts.flatMap(({ moments }) => moments.flatMap(lanesOf));
  }
}

function linesOf(moment: Moment, lanes: readonly string[]): readonly string[] {
  switch (moment.kind) {
    case 'event':
      return [`${moment.from}${moment.dotted ? '--)' : '-)'}${moment.to}: ${sequenceText(moment.text)}`];
    case 'command':
      return [`${PERSON}->>${moment.to}: ${sequenceText(moment.text)}`];
    case 'note':
      return [`Note over ${ends(moment.over, lanes).join(',')}: ${sequenceText(moment.text)}`];
    case 'shaded':
      return [`rect ${SHADE}`, ...indented(moment.moments, lanes), 'end'];
    default:
      return block(moment.kind === 'either' ? ['alt', 'else'] : ['par', 'and'], moment.parts, lanes);
  }
}

function block(words: readonly [string, string], parts: readonly Part[], lanes: readonly string[]): readonly string[] {
  const lines = parts.flatMap(({ title, moments }, at) => [
    `${words[at === 0 ? 0 : 1]} ${sequenceText(title)}`,
    ...indented(moments, lanes),
  ]);
  return [...lines, 'end'];
}

const indented = (moments: readonly Moment[], lanes: readonly string[]): readonly string[] =>
  moments.flatMap((moment) => linesOf(moment, lanes)).map((line) => `  ${line}`);

/** The leftmost and the rightmost: a note lies over all between them. */
function ends(over: readonly string[], lanes: readonly string[]): readonly string[] {
  const sorted = [...new Set(over)].sort((one, other) => lanes.indexOf(one) - lanes.indexOf(other));
  return sorted.length < 2 ? sorted : [sorted[0] as string, sorted.at(-1) as string];
}
