import type { Change, Impact } from '@troupe/choreography';
import type { Paint, Style } from '../terminal/paint.ts';

const SIGNS: Readonly<Record<Change['kind'], readonly [string, Style]>> = {
  added: ['+', 'green'],
  removed: ['-', 'red'],
  moved: ['»', 'yellow'],
  changed: ['~', 'yellow'],
};

/** What a change means, for a terminal. */
export function impactLines({ changes, services, inFlight }: Impact, since: string, paint: Paint): string[] {
  if (changes.length === 0) return [`The choreography is the same as at ${since}.`];
  const place = Math.max(...changes.map((change) => change.place.length));
  return [
    paint(`Since ${since}`, 'bold'),
    ...changes.map((change) => {
      const [sign, colour] = SIGNS[change.kind];
      return `  ${paint(sign, colour)} ${change.of.padEnd(7)}  ${change.place.padEnd(place)}  ${change.text}`.trimEnd();
    }),
    '',
    `${paint('Services concerned', 'bold')}  ${services.join(', ')}`,
    '',
    paint('Sagas in flight that could meet both versions', 'bold'),
    ...(inFlight.length === 0 ? ['  None: whatever was begun before goes on as before.'] : []),
    ...inFlight.flatMap((meeting) => [
      `  ${meeting.place}`,
      ...(meeting.behind.length === 0 ? [] : [paint(`    begun, and behind ${meeting.behind.join(', ')}`, 'dim')]),
      `    ${meeting.text}`,
    ]),
  ];
}

/** The same for the description of a pull request. */
export function impactMarkdown({ changes, services, inFlight }: Impact, since: string): string[] {
  if (changes.length === 0) return [`The choreography is the same as at \`${since}\`.`];
  return [
    `### What this changes in the choreography`,
    '',
    `Since \`${since}\`. Services concerned: ${services.map((name) => `**${name}**`).join(', ')}.`,
    '',
    '| | of | place | |',
    '|---|---|---|---|',
    ...changes.map(({ kind, of, place, text }) => `| ${kind} | ${of} | ${code(place)} | ${cell(text)} |`),
    '',
    '### Sagas in flight that could meet both versions',
    '',
    ...(inFlight.length === 0 ? ['None: whatever was begun before goes on as before.'] : []),
    ...inFlight.map(({ place, behind, text }) => {
      const where = behind.length === 0 ? '' : ` Begun, and behind ${behind.map(code).join(', ')}.`;
      return `- ${code(place)}: ${text}${where}`;
    }),
  ];
}

const code = (text: string): string => `\`${cell(text)}\``;
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
