import { runningAddresses, serviceNames, settingsFrom } from '@troupe/embedded';
import { events, registryClient } from '@troupe/schemas';
import {
  type History,
  type Locking,
  locked,
  readersIn,
  readHistory,
  rolledOut,
  writeHistory,
} from '@troupe/schemas/evolution';
import { readAgainst } from './schemas/against-topics.ts';
import { hearers } from './schemas/hearers.ts';
import { checked, recordLines, repositoryLines, verdictOf } from './schemas/lines.ts';
import { interruption, type Output, outputOf, runCommand } from './terminal/command.ts';
import { readOptions, someOf } from './terminal/options.ts';
import { waitingNotes } from './watch/waiting.ts';

const USAGE = `Usage: npm run schemas -- [options]

Checks each released version of each event (schemas/history) against every service that reads it. Ends with 1 when a service
could not read one, and says which field of whom, and what to do. docs/schemas.md explains how a schema is changed.

  --lock                   take schemas that have changed into schemas/history, and who hears them, unless one is refused
  --rolled-out <services>  no instance of these services reads with an earlier version any more: names separated by commas
  --against-topics         decode all records in the topics and dead letters of the running system for each reader
  --data <dir>             with --against-topics: the data folder of the system, when it is not that of npm start
  --json                   the result as one JSON document on standard output, everything else on standard error
  --help                   this text`;

await runCommand(async () => {
  const options = readOptions(USAGE, {
    lock: { type: 'boolean', default: false },
    'rolled-out': { type: 'string', default: '' },
    'against-topics': { type: 'boolean', default: false },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const output = outputOf(options.json);
  const now: Locking = { events, hearers: await hearers() };
  const moved = someOf('rolled-out', serviceNames, options['rolled-out']);
  const before = readHistory();
  const history = rolledOut(options.lock ? locked(before, now) : before, moved);
  if (options['against-topics']) return againstTopics(history, options.data, output);
  const found = checked(history, now);
  const isChanged = options.lock || moved.length > 0;
  if (isChanged && found.refusals.length === 0) writeHistory(history);
  output.result(found, repositoryLines(history, found));
  if (found.faults.length + found.refusals.length > 0) process.exitCode = 1;
});

async function againstTopics(history: History, dataDir: string | undefined, { report, result }: Output): Promise<void> {
  const env = dataDir === undefined ? process.env : { ...process.env, TROUPE_DATA_DIR: dataDir };
  const { brokers, registryUrl } = runningAddresses(settingsFrom(env));
  const found = await report.step('Reading the topics', () =>
    readAgainst({
      brokers,
      registry: registryClient({ registryUrl }),
      readers: readersIn(history),
      waiting: waitingNotes(brokers, report.note),
      signal: interruption(report),
    }),
  );
  result(found, recordLines(found));
  if (verdictOf(found).length > 0) process.exitCode = 1;
}
