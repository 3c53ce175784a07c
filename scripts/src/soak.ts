import { StartError } from '@troupe/embedded';
import { lines } from './attacks/soak/lines.ts';
import { soak } from './attacks/soak/run.ts';
import { isMeasurable } from './measure/meter/processes.ts';
import { withOwnSite } from './measure/site.ts';
import { interruption, outputOf, runCommand } from './terminal/command.ts';
import { numberOf, readOptions } from './terminal/options.ts';

const USAGE = `Usage: npm run soak -- [options]

Orders at a steady pace for a long time, and a look every few seconds at what must not grow: memory and open files of every
process, event-loop delay, database connections, consumer lag, rows of outbox and task, write-ahead log, sizes of tables. Each
measure gets a slope (least squares over the second half of the time) and a verdict. Then every order is checked, and an audit
looks at everything. With a stack of its own, on free ports and with a new data folder, which it deletes at the end.

  --minutes <n>   how long (default 30)
  --rate <n>      orders per second (default: 70 % of what a burst of 1,500 shows)
  --json          the report as one JSON document on standard output, everything else on standard error
  --help          this text

Ends with 1 when something grows that should not, or anything is wrong.`;

/** What the outbox keeps goes soon, so that a run of minutes shows that it does. */
const SERVICE_ENV = { OUTBOX_RETENTION_MS: '30000' };

await runCommand(async () => {
  const options = readOptions(USAGE, {
    minutes: { type: 'string', default: '30' },
    rate: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  if (!isMeasurable()) throw new StartError(['Memory is read from /proc, which is not here: run it on Linux.']);
  const minutes = numberOf('minutes', options.minutes);
  const rate = options.rate === undefined ? undefined : numberOf('rate', options.rate);
  const { report, result } = outputOf(options.json);
  const signal = interruption(report);
  const came = await withOwnSite({ report, signal, serviceEnv: SERVICE_ENV }, (site, stack) =>
    soak({ site, stack }, { minutes, rate, signal, report }),
  );
  result(came, lines(came));
  const grows = came.entries.some(({ isFault }) => isFault);
  if (grows || came.faults.length > 0 || !came.audit.healthy) process.exitCode = 1;
});
