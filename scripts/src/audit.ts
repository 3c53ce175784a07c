import { audit } from '@troupe/audit';
import { plainReporter, runningAddresses, StartError, settingsFrom } from '@troupe/embedded';
import { lines } from './attacks/audit-lines.ts';
import { reporter, runCommand } from './terminal/command.ts';
import { readOptions } from './terminal/options.ts';

const USAGE = `Usage: npm run audit -- [options]

Looks whether everything holds that must hold: money, stock, order, deliveries. Reads the databases and topics of the running
system and the books of the payment provider and the carrier; writes nothing. Ends with 1 when something does not hold, and
says of which orders.

  --at-rest      nothing is on its way any more: judge everything, and take what is not finished for a fault
  --bound <s>    otherwise: do not judge what changed within so many seconds, and take for late what is due for longer
                 (default 60)
  --data <dir>   the data folder of the system, when it is not that of npm start (as TROUPE_DATA_DIR); its ports are those
                 of the TROUPE_…_PORT variables
  --json         the report as one JSON document on standard output, everything else on standard error
  --help         this text`;

await runCommand(async () => {
  const options = readOptions(USAGE, {
    'at-rest': { type: 'boolean', default: false },
    bound: { type: 'string', default: '60' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const boundMs = secondsOf(options.bound);
  const out = options.json ? plainReporter((line) => console.error(line)) : reporter();
  const env = options.data === undefined ? process.env : { ...process.env, TROUPE_DATA_DIR: options.data };
  const { brokers, databaseUrl, sandboxUrl } = runningAddresses(settingsFrom(env));
  const site = { databaseUrl, brokers, providerUrl: sandboxUrl('provider'), carrierUrl: sandboxUrl('carrier') };
  const report = await out.step('Audit', () => audit(site, { atRest: options['at-rest'], boundMs }));
  if (options.json) console.log(JSON.stringify(report));
  else for (const line of lines(report)) out.note(line);
  if (!report.healthy) process.exitCode = 1;
});

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1000;
  throw new StartError([`--bound is ${JSON.stringify(text)}: give a number of seconds.`]);
}
