import path from 'node:path';
import { projectHome } from '@troupe/embedded';
import { measureConsole } from './bench/console/measure-console.ts';
import { report as consoleOf } from './bench/console/report.ts';
import { measure } from './bench/measure.ts';
import { comparePeers } from './bench/peers/command.ts';
import { report as comparisonOf } from './bench/peers/report.ts';
import { report as figuresOf } from './bench/report.ts';
import { SCENARIOS } from './bench/stage.ts';
import { measureTracing } from './bench/tracing/measure-tracing.ts';
import { report as tracingOf } from './bench/tracing/report.ts';
import { runningSite, type Site, withOwnSite } from './measure/site.ts';
import { interruption, orFaults, outputOf, runCommand } from './terminal/command.ts';
import { countOf, readOptions, someOf } from './terminal/options.ts';

const USAGE = `Usage: npm run bench -- [options]

Measures sagas per second with 256 orders in flight (5 % declined cards, 5 % out of stock among them), the latency from
request to CONFIRMED at 20 orders per second, CPU time per saga and memory. It starts a stack of its own, on free ports and
with a new data folder, and deletes it at the end.

  --orders <n>        how many orders to measure (default 3000)
  --warm-up <n>       how many orders to place before, which do not count (default 6000): a back end runs for months, and for
                      some thousands of orders Node still compiles. The same for every system of --peers
  --scenarios <a,b>   measure further ones: backlog (orders placed while the other services stand still), hot (orders over
                      many products, then for one alone), busy (latency at 200 per second), rest (the CPU of 30 s in which
                      nothing happens, after two quiet minutes), growth (a backlog of --orders, then one of ten times as
                      many), rush (10,000 requests at once, while the database of order stands still)
  --peers             measure other systems with the same business side by side: batches like ours with nothing that makes
                      them safe or seen (bare), a choreography as tutorials write it, Restate, DBOS. Every order charges,
                      books the carrier and sends the mail in each of them. Each runs on a stack of its own, in turn, with
                      many products and with one for all. Installs them into the cache folder, when they are not there,
                      and says so. With it:
    --systems <a,b>   only these: ours, bare, tutorial, restate, dbos
    --calls <which>   same: every system makes the same calls (default); four: tutorial, Restate and DBOS make four steps,
                      without carrier and mail; both: these three twice
  --tracing           measure what tracing costs: throughput without traces, with those of production (5 %) and with all, which
                      a process of the bench receives and counts; each on a stack of its own, in turn
  --console           measure what the console costs: throughput without it, with it, and with it and the traces that it gets
                      from npm start; then how fast it reads all topics anew, and in how many statements. Each on a stack of
                      its own, in turn
  --runs <n>          with --peers and --tracing: how often each is measured (default: 3 with --peers, 1 with --tracing)
  --plots <file>      measure nothing: draw docs/plots/*.svg from what --peers --json has printed
  --against-running   measure the running system (npm start) instead; the orders stay in its data
  --json              the figures as one JSON document on standard output, everything else on standard error
  --help              this text

A run in which anything went wrong has no figures, and ends with 1.`;

await runCommand(async () => {
  const options = readOptions(USAGE, {
    orders: { type: 'string', default: '3000' },
    'warm-up': { type: 'string', default: '6000' },
    'against-running': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    scenarios: { type: 'string', default: '' },
    peers: { type: 'boolean', default: false },
    tracing: { type: 'boolean', default: false },
    console: { type: 'boolean', default: false },
    runs: { type: 'string' },
    systems: { type: 'string', default: '' },
    calls: { type: 'string', default: 'same' },
    plots: { type: 'string' },
  });
  if (options.plots !== undefined) return draw(options.plots);
  const { report, result } = outputOf(options.json);
  const signal = interruption(report);
  const wish = {
    report,
    signal,
    orders: countOf('orders', options.orders),
    warmUp: countOf('warm-up', options['warm-up']),
    runs: countOf('runs', options.runs ?? (options.peers ? '3' : '1')),
  };
  const scenarios = someOf('scenarios', SCENARIOS, options.scenarios);
  const use = (site: Site) => measure(site, { ...wish, scenarios });

  /** The figures, the same as lines, and what went wrong: such runs have no figures, and do not hide the others. */
  async function measured(): Promise<[figures: object, lines: readonly string[], faults: readonly string[]]> {
    if (options.peers) {
      const figures = await comparePeers({ ...wish, systems: options.systems, calls: options.calls });
      return [figures, comparisonOf(figures), figures.measured.flatMap(({ faults }) => faults)];
    }
    if (options.tracing) {
      const figures = await measureTracing(wish);
      return [figures, tracingOf(figures), figures.faults];
    }
    if (options.console) {
      const figures = await measureConsole(wish);
      return [figures, consoleOf(figures), figures.faults];
    }
    const figures = await (options['against-running']
      ? use(await runningSite())
      : withOwnSite({ report, signal }, use));
    return [figures, figuresOf(figures), []];
  }

  const [figures, lines, faults] = await orFaults(options.json, measured());
  result({ ok: faults.length === 0, ...figures }, lines);
  if (faults.length > 0) process.exitCode = 1;
});

async function draw(file: string): Promise<void> {
  // The library that draws is loaded for this alone.
  const { writePlots } = await import('./bench/peers/plots.ts');
  for (const name of writePlots(file, path.join(projectHome, 'docs/plots'))) console.log(`docs/plots/${name}`);
}
