import { RebuildUnderWay, rebuildConsole } from '@troupe/console/rebuild';
import { runningAddresses, StartError, settingsFrom } from '@troupe/embedded';
import { interruption, outputOf, runCommand } from './terminal/command.ts';
import { readOptionsAndWords } from './terminal/options.ts';

const USAGE = `Usage: npm run console -- rebuild [options]

Makes what the console shows anew from the beginning of the topics, beside what it shows now, and puts it in its place when it
is whole. Everything may run meanwhile. It sends nothing to any topic or service, and may be run again after it was killed.
What the topics do not have any more is gone afterwards.

  --json   the result as one JSON document on standard output, everything else on standard error
  --help   this text

It finds the system that npm start runs here. With DATABASE_URL set it takes the environment of the console instead:
DATABASE_URL, KAFKA_BROKERS, REGISTRY_URL, TOPIC_PREFIX.`;

await runCommand(async () => {
  const { options, words } = readOptionsAndWords(USAGE, { json: { type: 'boolean', default: false } });
  if (words.join(' ') !== 'rebuild') throw new StartError(['Say what is to be done: npm run console -- rebuild.']);
  const { report, result } = outputOf(options.json);
  const signal = interruption(report);
  const startedAt = performance.now();
  const rebuilt = report.step('Reading the topics from their beginning', (update) =>
    rebuildConsole(environment(), { signal, ...progressTo(update) }),
  );
  const { records } = await rebuilt.catch((error: unknown) => {
    signal.throwIfAborted();
    throw error instanceof RebuildUnderWay ? new StartError([error.message]) : error;
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  result({ ok: true, records: Number(records), seconds }, [
    `The console shows what the topics have: ${count(records)} records in ${seconds.toFixed(1)} s.`,
  ]);
});

/** Of the console: what the command needs not be told, since it listens nowhere. */
function environment(): Readonly<Record<string, string | undefined>> {
  const own = { PORT: '0', LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent' };
  if (process.env.DATABASE_URL !== undefined) return { ...process.env, ...own };
  const addresses = runningAddresses(settingsFrom(process.env));
  return {
    ...own,
    DATABASE_URL: addresses.databaseUrl('console'),
    KAFKA_BROKERS: addresses.brokers,
    REGISTRY_URL: addresses.registryUrl,
  };
}

/** How far it is, and what is waited for. */
function progressTo(update: (detail: string) => void) {
  let far = '';
  return {
    progress({ done, of }: { readonly done: bigint; readonly of: bigint }): void {
      const percent = of === 0n ? 100n : (100n * done) / of;
      far = `${percent} %, ${count(done)} of ${count(of)} records`;
      update(far);
    },
    waiting(reasons: readonly string[]): void {
      if (reasons.length > 0) update(`${far}. ${reasons.join(' ')}`);
    },
  };
}

function count(records: bigint): string {
  return records.toLocaleString('en-US');
}
