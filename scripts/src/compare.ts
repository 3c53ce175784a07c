import { plainReporter, StartError } from '@troupe/embedded';
import { withOwnSite } from './bench/site.ts';
import { interruption, reporter, runCommand } from './command.ts';
import { compare } from './compare/compare.ts';
import { report as linesOf } from './compare/report.ts';
import { countOf, readOptions } from './options.ts';

const USAGE = `Usage: npm run compare -- [options]

Runs the same orders in both styles, choreographed (POST /orders) and with an orchestrator (POST /orders/orchestrated), and
puts side by side what they cost: events, requests between services, SQL transactions, CPU, latency; what the customers see;
and what happens to orders that are placed while inventory is away. A hundred orders a round, 10 per second, then crowds
with 64 orders in flight: rounds take turns, so that neither style gets the warm system. It starts a stack of its own, on
free ports and with a new data folder, and deletes it at the end. All of it takes about four minutes.

  --away <s>   how long inventory is away, in seconds (default 10)
  --json       the figures as one JSON document on standard output, everything else on standard error
  --help       this text

A run in which anything went wrong has no figures, and ends with 1.`;

await runCommand(async () => {
  const { json, away } = readOptions(USAGE, {
    json: { type: 'boolean', default: false },
    away: { type: 'string', default: '10' },
  });
  const awaySeconds = countOf('away', away);
  const report = json ? plainReporter((line) => console.error(line)) : reporter();
  const signal = interruption(report);
  try {
    const comparison = await withOwnSite({ report, signal }, (_, stack) =>
      compare(stack, { awaySeconds, signal, step: (title, work) => report.step(title, work) }),
    );
    if (json) console.log(JSON.stringify({ ok: true, ...comparison }));
    else for (const line of linesOf(comparison)) report.note(line);
  } catch (error) {
    if (json && error instanceof StartError) console.log(JSON.stringify({ ok: false, faults: error.faults }));
    throw error;
  }
});
