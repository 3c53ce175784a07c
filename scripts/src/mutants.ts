import { setPriority } from 'node:os';
import { StartError } from '@troupe/embedded';
import { PARTS } from './attacks/mutants/parts.ts';
import { percent, scoreLines, scoreOf } from './attacks/mutants/score.ts';
import { installStryker, reportOf, runStryker } from './attacks/mutants/stryker.ts';
import { runCommand } from './terminal/command.ts';
import { oneOf, readOptions } from './terminal/options.ts';

/** Of a hundred mutants, more than so many must be found. */
const LEAST_PERCENT = 85;
const names = PARTS.map(({ name }) => name);

const USAGE = `Usage: npm run mutants -- [options]

Asks how good the tests are: makes a small change in the code, a mutant, and runs the quick tests (unit, property, a short
simulation). If one of them fails, the mutant is killed; if none does, it has survived, and a test may be missing. Does so
for every change that Stryker knows: conditions turned round, lists emptied, codes changed, statements left out. Words for
people and lines of the log are left alone.

Stryker is installed when this is run for the first time (about 65 MB, in .troupe/stryker). Minutes for each part, with a
processor that nobody else wants.

  --only <part>    one part: ${names.join(', ')}
  --survivors      names each mutant that was not killed
  --json           the result as one JSON document on standard output
  --help           this text

Each part leaves a page, .troupe/mutants/<part>.html, with every mutant in its place. It ends with 0 only if more than
${LEAST_PERCENT} % of all mutants were killed.`;

await runCommand(async () => {
  const { only, survivors, json } = readOptions(USAGE, {
    only: { type: 'string' },
    survivors: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  });
  const wanted = only === undefined ? names : [oneOf('only', names, only)];
  const output = json ? process.stderr : process.stdout;
  const print = (line: string): void => void output.write(`${line}\n`);
  // Whatever else runs on this machine goes first.
  setPriority(19);

  installStryker(print);
  const parts = PARTS.filter(({ name }) => wanted.includes(name));
  const scores = parts.map((part) => {
    print(`${part.name}: ${part.mutate.length} files, ${part.tests.length} test files`);
    runStryker(part);
    const score = scoreOf(part.name, reportOf(part, 'json'));
    if (survivors) score.survivors.forEach(print);
    return score;
  });

  for (const line of ['', ...scoreLines(scores)]) print(line);
  if (json) console.log(JSON.stringify({ percent: percent(scores), parts: scores }));
  if (percent(scores) > LEAST_PERCENT) return;
  throw new StartError([
    `${percent(scores).toFixed(1)} % were killed, and more than ${LEAST_PERCENT} % must be: -- --survivors names the others.`,
  ]);
});
