import { StartError } from '@troupe/embedded';
import { COVERAGE_POINTS, PLANTED_BUGS, runSeeds } from '@troupe/simulation';
import { failureLines, sometimesLines, summaryLine } from './attacks/simulation-lines.ts';
import { runCommand } from './terminal/command.ts';
import { countOf, readOptions } from './terminal/options.ts';

const DEFAULT_SEEDS = 2_000;

const USAGE = `Usage: npm run sim -- [options]

Plays orders through the production reaction tables and the production runtime, on a database and a broker in memory, and
lets go wrong whatever may: each seed draws its own mix of faults, and in some of them a participant stays away. Then everything
is healed, and without that participant everything else has to happen in time, no sooner and no later. It comes back, all comes to
rest, and the invariants must hold. The same seed is the same run.

  --seeds <n>      how many seeds (default ${DEFAULT_SEEDS})
  --from <n>       the first of them (default 1)
  --seed <n>       this one seed alone; also: SEED=<n> npm run sim
  --workers <n>    how many at once (default: one for each core)
  --bug <name>     with a bug planted, to see that it is found; its name is one of those below
  --json           the result as one JSON document on standard output
  --help           this text

Bugs that can be planted:
${Object.keys(PLANTED_BUGS)
  .map((name) => `  ${name}`)
  .join('\n')}

It ends with 0 only if nothing was wrong and, from ${DEFAULT_SEEDS} seeds on, every race of the table was met.`;

await runCommand(async () => {
  const options = readOptions(USAGE, {
    seeds: { type: 'string', default: String(DEFAULT_SEEDS) },
    from: { type: 'string', default: '1' },
    seed: { type: 'string', ...(process.env.SEED === undefined ? {} : { default: process.env.SEED }) },
    workers: { type: 'string' },
    bug: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const { bug, json } = options;
  if (bug !== undefined && PLANTED_BUGS[bug] === undefined) throw unknownBug(bug);
  const from = options.seed === undefined ? countOf('from', options.from) : countOf('seed', options.seed);
  const count = options.seed === undefined ? countOf('seeds', options.seeds) : 1;
  const output = json ? process.stderr : process.stdout;
  const print = (line: string): void => void output.write(`${line}\n`);

  const startedAt = performance.now();
  const tally = await runSeeds({
    from,
    count,
    bug,
    ...(options.workers === undefined ? {} : { workers: countOf('workers', options.workers) }),
    failed: (failure) => failureLines(failure, bug).forEach(print),
  });
  const seconds = (performance.now() - startedAt) / 1_000;

  for (const line of [...sometimesLines(tally), '', summaryLine(tally, seconds)]) print(line);
  const missing = COVERAGE_POINTS.filter((name) => !tally.seen.has(name));
  if (json) {
    const { seen, ...rest } = tally;
    console.log(JSON.stringify({ ...rest, seconds, sometimes: Object.fromEntries(seen), missing }));
  }
  if (tally.failures.length > 0) throw new StartError([`${tally.failures.length} of ${count} seeds ended wrong.`]);
  if (count >= DEFAULT_SEEDS && missing.length > 0)
    throw new StartError(missing.map((name) => `In ${count} seeds this was never met: ${name}.`));
});

function unknownBug(bug: string): StartError {
  return new StartError([
    `There is no bug ${JSON.stringify(bug)}. There are: ${Object.keys(PLANTED_BUGS).join(', ')}.`,
  ]);
}
