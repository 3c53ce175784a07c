import path from 'node:path';
import { plainReporter, projectHome, StartError } from '@troupe/embedded';
import { type Figures, measure, type Site } from './bench/measure.ts';
import { comparePeers } from './bench/peers/command.ts';
import { writePlots } from './bench/peers/plots/write.ts';
import { report as comparisonOf } from './bench/peers/report.ts';
import type { PeersFigures } from './bench/peers/runs.ts';
import { report as figuresOf } from './bench/report.ts';
import { SCENARIOS } from './bench/scenarios.ts';
import { runningSite, withOwnSite } from './measure/site.ts';
import type { TracingFigures } from './bench/tracing/figures.ts';
import { measureTracing } from './bench/tracing/measure-tracing.ts';
import { report as tracingOf } from './bench/tracing/report.ts';
import { interruption, reporter, runCommand } from './terminal/command.ts';
import { countOf, oneOf, readOptions } from './terminal/options.ts';

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
  --peers             measure other systems with the same business side by side, each on a stack of its own, in turn: batches
                      like ours with nothing that makes them safe or seen (bare), a choreography as tutorials write it,
                      Restate, DBOS; with many products, and with one for all. Installs them into the cache folder, when
                      they are not there, and says so. With it:
    --systems <a,b>   only these: ours, bare, tutorial, restate, dbos
    --calls <which>   four: the peers make the four steps, without carrier and mails (default); same: they make the same
                      calls as ours; both: each peer twice. The bare one always makes the same
  --tracing           measure what tracing costs: throughput without traces, with those of production (5 %) and with all, which
                      a process of the bench receives and counts; each on a stack of its own, in turn
  --runs <n>          with --peers and --tracing: how often each is measured (default 1)
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
    runs: { type: 'string', default: '1' },
    systems: { type: 'string', default: '' },
    calls: { type: 'string', default: 'four' },
    plots: { type: 'string' },
  });
  if (options.plots !== undefined) return draw(options.plots);
  const orders = countOf('orders', options.orders);
  const warmUp = countOf('warm-up', options['warm-up']);
  const runs = countOf('runs', options.runs);
  const names = options.scenarios.split(',').filter((word) => word !== '');
  const scenarios = names.map((word) => oneOf('scenarios', SCENARIOS, word));
  const report = options.json ? plainReporter((line) => console.error(line)) : reporter();
  const signal = interruption(report);
  const use = (site: Site): Promise<Figures> => measure(site, { warmUp, orders, scenarios, signal, report });
  try {
    const around = { report, signal };
    const [figures, lines, faults] = options.peers
      ? await compared(comparePeers({ ...options, ...around, runs, warmUp, orders }))
      : options.tracing
        ? await traced(measureTracing({ ...around, runs, warmUp, orders }))
        : await measured(options['against-running'] ? use(await runningSite()) : withOwnSite(around, use));
    if (options.json) console.log(JSON.stringify({ ok: faults.length === 0, ...figures }));
    else for (const line of lines) report.note(line);
    if (faults.length > 0) process.exitCode = 1;
  } catch (error) {
    if (options.json && error instanceof StartError) console.log(JSON.stringify({ ok: false, faults: error.faults }));
    throw error;
  }
});

type Outcome = readonly [figures: object, lines: readonly string[], faults: readonly string[]];

async function measured(work: Promise<Figures>): Promise<Outcome> {
  const figures = await work;
  return [figures, figuresOf(figures), []];
}

/** Runs that went wrong have no figures, and do not hide the others. */
async function compared(work: Promise<PeersFigures>): Promise<Outcome> {
  const figures = await work;
  return [figures, comparisonOf(figures), figures.measured.flatMap(({ faults }) => faults)];
}

async function traced(work: Promise<TracingFigures>): Promise<Outcome> {
  const figures = await work;
  return [figures, tracingOf(figures), figures.faults];
}

function draw(file: string): void {
  for (const name of writePlots(file, path.join(projectHome, 'docs/plots'))) console.log(`docs/plots/${name}`);
}
