import { randomInt } from 'node:crypto';
import { lines } from './attacks/chaos/lines.ts';
import { chaos } from './attacks/chaos/run.ts';
import { ATTACKED } from './attacks/settings.ts';
import { withOwnStack } from './stack/own-stack.ts';
import { interruption, outputOf, runCommand } from './terminal/command.ts';
import { countOf, numberOf, readOptions } from './terminal/options.ts';

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
  const seed = countOf('seed', options.seed);
  const forMs = numberOf('minutes', options.minutes) * 60_000;
  const { report, print, result } = outputOf(options.json);
  const signal = interruption(report);
  const came = await withOwnStack({ report, signal, serviceEnv: ATTACKED }, (stack) =>
    chaos(stack, { seed, forMs, signal, onRound: print }),
  );
  result(came, lines(came));
  if (came.faults.unhealed.length > 0 || came.invariants.some(({ broken }) => broken.length > 0)) process.exitCode = 1;
});
