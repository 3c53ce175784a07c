import { type Branch, durationOf, type RowBranch } from '@troupe/choreography';
import { heardWords, notesOf, type Pen, saidWords } from './words.ts';

/** Of a row that takes an orchestrated saga on: any step may come next. */
const GOES_ON = 'the orchestrator goes on from the step that it is at';

/** A line with the lines below it. */
interface Twig {
  readonly text: string;
  readonly twigs: readonly Twig[];
}

/** All that follows, as a tree: messages, below them the services that act on them, below those what they may say. */
export const followLines = (pen: Pen, branch: Branch): string[] => linesOf(messageTwig(pen, branch, 0));

/** All that leads to it, as a tree: below a message the rows that say it, each with what it hears, and so on. */
export const leadLines = (pen: Pen, branch: Branch): string[] =>
  linesOf({ text: pen.paint(branch.message.name, 'bold'), twigs: causesOf(pen, branch) });

/** @param dueMs by when it is there, counted from the root; undefined: nobody says */
function messageTwig(pen: Pen, branch: Branch, dueMs: number | undefined): Twig {
  const { message, seen, rows, overHttp } = branch;
  const { paint } = pen;
  const notes = notesOf(pen, message);
  const text = [
    message.kind === 'event' ? paint(message.name, 'bold') : saidWords(message),
    ...(notes.length === 0 ? [] : [paint(`(${notes.join('; ')})`, 'dim')]),
    ...(seen && rows.length === 0 ? [paint('↑ as above', 'dim')] : []),
  ].join(' ');
  const asked = overHttp.map((command) => {
    const twig = messageTwig(pen, command, dueMs);
    return { ...twig, text: `${paint(command.message.service, 'cyan')}, asked over HTTP: ${twig.text}` };
  });
  // A call, timer or command is heard by its own service, which stands above it.
  const replies =
    message.kind === 'event'
      ? rows.map((row) => rowTwig(pen, row, dueMs))
      : rows.flatMap((row) =>
          row.goesOn
            ? [{ text: paint(GOES_ON, 'dim'), twigs: [] }]
            : row.messages.map((said) => messageTwig(pen, said, dueAfter(row, dueMs))),
        );
  return { text, twigs: [...asked, ...replies] };
}

function rowTwig(pen: Pen, row: RowBranch, dueMs: number | undefined): Twig {
  const due = dueAfter(row, dueMs);
  const { service, withinMs } = row.row;
  const text = [
    pen.paint(service, 'cyan'),
    ...(row.goesOn ? [pen.paint(`(${GOES_ON})`, 'dim')] : []),
    ...(row.messages.length === 0 && !row.goesOn ? [pen.paint('only takes note', 'dim')] : []),
    ...(withinMs === undefined ? [] : [deadlineWords(pen, withinMs, due)]),
  ].join(' ');
  return { text, twigs: row.messages.map((said) => messageTwig(pen, said, due)) };
}

function deadlineWords({ paint }: Pen, withinMs: number, dueMs: number | undefined): string {
  const inAll = dueMs === undefined || dueMs === withinMs ? '' : `, ${durationOf(dueMs)} in all`;
  return paint(`within ${durationOf(withinMs)}${inAll}`, 'yellow');
}

function dueAfter({ row: { withinMs, hears } }: RowBranch, dueMs: number | undefined): number | undefined {
  if (dueMs === undefined) return undefined;
  if (withinMs !== undefined) return dueMs + withinMs;
  // The answer to a call counts to the time of the row that made it; whatever a timer or a person causes, nobody can tell.
  return hears.kind === 'call' ? dueMs : undefined;
}

function causesOf(pen: Pen, { seen, rows, overHttp }: Branch): Twig[] {
  if (seen) return [];
  const { paint } = pen;
  const twigs = rows.map(({ row, goesOn, messages: [heard] }): Twig => {
    const words = heardWords(row.hears);
    const deadline = row.withinMs === undefined ? '' : ` ${paint(`within ${durationOf(row.withinMs)}`, 'yellow')}`;
    const above = heard?.seen && row.hears.kind !== 'command' ? ` ${paint('↑ as above', 'dim')}` : '';
    const text = `${paint(row.service, 'cyan')} hears ${row.hears.kind === 'event' ? paint(words, 'bold') : words}${deadline}${above}${goesOn ? ` ${paint(`(${GOES_ON})`, 'dim')}` : ''}`;
    return { text, twigs: heard === undefined ? [] : causesOf(pen, heard) };
  });
  const asking = overHttp.map((call): Twig => {
    const text = `${paint(call.message.service, 'cyan')} asks ${call.message.name} over HTTP`;
    return { text, twigs: causesOf(pen, call) };
  });
  return [...twigs, ...asking];
}

function linesOf({ text, twigs }: Twig): string[] {
  const lines = [text];
  for (const [at, twig] of twigs.entries()) {
    const isLast = at === twigs.length - 1;
    const [first = '', ...below] = linesOf(twig);
    lines.push(`${isLast ? '└─' : '├─'} ${first}`, ...below.map((line) => `${isLast ? '   ' : '│  '}${line}`));
  }
  return lines;
}
