import { plainReporter, StartError } from '@troupe/embedded';
import { type Figures, measure, type Site } from './bench/measure.ts';
import { report as figuresOf } from './bench/report.ts';
import { SCENARIOS } from './bench/scenarios.ts';
import { runningSite, withOwnSite } from './bench/site.ts';
import { interruption, reporter, runCommand } from './command.ts';
import { countOf, oneOf, readOptions } from './options.ts';

const USAGE = `Usage: npm run bench -- [options]

Measures sagas per second with 256 orders in flight (5 % declined cards, 5 % out of stock among them), the latency from
request to CONFIRMED at 20 orders per second, CPU time per saga and memory. It starts a stack of its own, on free ports and
with a new data folder, and deletes it at the end.

  --orders <n>        how many orders to measure, after a warm-up of 300 (default 3000)
  --scenarios <a,b>   measure further ones: backlog (orders placed while the other services stand still), hot (one product for
                      all), busy (latency at 200 per second), rest (the CPU of 20 s in which nothing happens), growth (a backlog
                      of --orders, then one of ten times as many), rush (10,000 requests at once, while the database of order
                      stands still)
  --against-running   measure the running system (npm start) instead; the orders stay in its data
  --json              the figures as one JSON document on standard output, everything else on standard error
  --help              this text

A run in which anything went wrong has no figures, and ends with 1.`;

await runCommand(async () => {
  const {
    orders,
    json,
    scenarios: wanted,
    'against-running': running,
  } = readOptions(USAGE, {
    orders: { type: 'string', default: '3000' },
    'against-running': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    scenarios: { type: 'string', default: '' },
  });
  const names = wanted.split(',').filter((word) => word !== '');
  const scenarios = names.map((word) => oneOf('scenarios', SCENARIOS, word));
  const count = countOf('orders', orders);
  const report = json ? plainReporter((line) => console.error(line)) : reporter();
  const signal = interruption(report);
  const use = (site: Site): Promise<Figures> =>
    measure(site, { orders: count, scenarios, signal, step: (title, work) => report.step(title, work) });
  try {
    const figures = running ? await use(await runningSite()) : await withOwnSite({ report, signal }, use);
    if (json) console.log(JSON.stringify({ ok: true, ...figures }));
    else for (const line of figuresOf(figures)) report.note(line);
  } catch (error) {
    if (json && error instanceof StartError) console.log(JSON.stringify({ ok: false, faults: error.faults }));
    throw error;
  }
});
