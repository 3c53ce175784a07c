import { audit } from '@troupe/audit';
import { containerAddresses, runningAddresses, settingsFrom } from '@troupe/embedded';
import { auditLines } from './attacks/audit-lines.ts';
import { auditSite } from './stack/audit-at-rest.ts';
import { outputOf, runCommand } from './terminal/command.ts';
import { numberOf, readOptions } from './terminal/options.ts';

const USAGE = `Usage: npm run audit -- [options]

Looks whether everything holds that must hold: money, stock, order, deliveries. Reads the databases and topics of the running
system and the books of the payment provider and the carrier; writes nothing. Ends with 1 when something does not hold, and
says of which orders.

  --at-rest      nothing is on its way any more: judge everything, and take what is not finished for a fault
  --bound <s>    otherwise: do not judge what changed within so many seconds, and take for late what is due for longer
                 (default 60)
  --data <dir>   the data folder of the system, when it is not that of npm start (as TROUPE_DATA_DIR); its ports are those
                 of the TROUPE_…_PORT variables
  --containers   the system is that of docker compose up, not of npm start
  --json         the report as one JSON document on standard output, everything else on standard error
  --help         this text`;

await runCommand(async () => {
  const options = readOptions(USAGE, {
    'at-rest': { type: 'boolean', default: false },
    bound: { type: 'string', default: '60' },
    data: { type: 'string' },
    containers: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  });
  const boundMs = numberOf('bound', options.bound, 0) * 1_000;
  const { report, result } = outputOf(options.json);
  const env = options.data === undefined ? process.env : { ...process.env, TROUPE_DATA_DIR: options.data };
  const settings = settingsFrom(env);
  const site = auditSite(options.containers ? containerAddresses(settings) : runningAddresses(settings));
  const found = await report.step('Audit', () => audit(site, { atRest: options['at-rest'], boundMs }));
  result(found, auditLines(found));
  if (!found.healthy) process.exitCode = 1;
});
