import { compare } from './compare/compare.ts';
import { report as linesOf } from './compare/report.ts';
import { withOwnSite } from './measure/site.ts';
import { interruption, orFaults, outputOf, runCommand } from './terminal/command.ts';
import { countOf, readOptions } from './terminal/options.ts';

const USAGE = `Usage: npm run compare -- [options]

Runs the same orders in both styles, choreographed (POST /orders) and orchestrated (POST /orders/orchestrated), and
puts side by side what they cost: events, requests between services, SQL transactions, CPU, latency; what the customers see;
and what happens to orders that are placed while inventory is away. A hundred orders a round, 10 per second, then bursts
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
  const { report, result } = outputOf(json);
  const signal = interruption(report);
  const comparison = await orFaults(
    json,
    withOwnSite({ report, signal }, (site, stack) => compare({ site, stack }, { awaySeconds, signal, report })),
  );
  result({ ok: true, ...comparison }, linesOf(comparison));
});
