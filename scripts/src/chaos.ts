import { randomInt } from 'node:crypto';
import { plainReporter } from '@troupe/embedded';
import { withArena } from './attacks/arena.ts';
import { lines } from './attacks/chaos/lines.ts';
import { type ChaosReport, chaos } from './attacks/chaos/run.ts';
import { interruption, reporter, runCommand } from './terminal/command.ts';
import { countOf, positiveOf, readOptions } from './terminal/options.ts';

const USAGE = `Usage: npm run chaos -- [options]

Two processes of each service take orders while things go wrong: kill -9, processes that are frozen for longer than their
session, cut connections, lost answers, PostgreSQL, Kafka and the registry away, a lost replication slot, in rounds that
a seed draws, some without faults. Then everything is healed, the orders end, and an audit looks whether anything was lost or
done twice. With a stack of its own, on free ports and with a new data folder, which it deletes at the end.

  --minutes <n>   how long things go wrong (default 4; 0.5 is half a minute)
  --seed <n>      the same draws again (default: any; it is printed). Times differ from run to run all the same
  --json          the report as one JSON document on standard output, everything else on standard error
  --help          this text

Ends with 1 when something that must hold does not.`;

await runCommand(async () => {
  const options = readOptions(USAGE, {
    minutes: { type: 'string', default: '4' },
    seed: { type: 'string', default: String(randomInt(1, 1_000_000)) },
    json: { type: 'boolean', default: false },
  });
  const report = options.json ? plainReporter((line) => console.error(line)) : reporter();
  const [seed, forMs] = [countOf('seed', options.seed), positiveOf('minutes', options.minutes) * 60_000];
  const signal = interruption(report);
  const told = (round: { readonly faults: readonly { readonly name: string }[]; readonly holdMs: number }): void => {
    const names = round.faults.map(({ name }) => name).join(', ');
    report.note(`${(round.holdMs / 1000).toFixed(1)} s: ${names || 'nothing happens'}`);
  };
  const came: ChaosReport = await withArena({ report, signal }, (arena) => chaos(arena, { seed, forMs, signal, told }));
  if (options.json) console.log(JSON.stringify(came));
  else for (const line of lines(came)) report.note(line);
  if (came.storm.unhealed.length > 0 || came.invariants.some(({ broken }) => broken.length > 0)) process.exitCode = 1;
});
