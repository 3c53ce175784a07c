import { availableParallelism } from 'node:os';
import { nodeRuntime } from '@troupe/embedded';
import type { DatabaseCosts } from '../measure/meter/database-meter.ts';
import type { Costs } from '../measure/meter/meter.ts';
import { table } from '../terminal/table.ts';
import type { Figures } from './measure.ts';
import type { GrowthStep, Rush, ScenarioFigures } from './stage.ts';

/** The figures for people. */
export function report(figures: Figures): string[] {
  const { warmUp, orders, inFlight, mix, elapsedMs, sagasPerSecond, latency } = figures;
  return [
    '',
    `Throughput  ${whole(sagasPerSecond)} sagas per second`,
    `            ${whole(orders)} orders in ${(elapsedMs / 1_000).toFixed(2)} s, ${inFlight} in flight: ${whole(mix.confirmed)} confirmed, ` +
      `${whole(mix.declined)} declined, ${whole(mix.outOfStock)} out of stock; after a warm-up of ${whole(warmUp)}`,
    '',
    `Latency     p50 ${ms(latency.p50Ms)}, p95 ${ms(latency.p95Ms)}, p99 ${ms(latency.p99Ms)}, longest ${ms(latency.maxMs)}`,
    `            from request to CONFIRMED, as a client sees it: ${latency.orders} orders, ${latency.ordersPerSecond} per second`,
    '',
    ...costLines(figures),
    ...databaseLines(figures),
    '',
    ...scenarioLines(figures),
    `Right       ${whole(figures.ordersChecked)} orders are at the end that they had to come to; every customer was told once;`,
    '            the stock adds up.',
    '',
    `${availableParallelism()} processors, Node ${nodeRuntime().version}. The client runs on the same machine and took ` +
      `${figures.clientCpuMsPerSaga.toFixed(2)} CPU-ms per saga, not counted above.`,
  ];
}

function costLines({ costs }: Figures): string[] {
  if (costs === undefined) {
    return ['CPU, memory not measured: they are read from /proc, for processes that npm start runs here.'];
  }
  return [
    `CPU         ${costs.cpuMsPerSaga.toFixed(2)} ms per saga, over all processes of the stack`,
    `Memory      ${whole(costs.peakMegabytes)} MB at the peak, over all processes of the stack`,
    '',
    ...processTable(costs).map((line) => `  ${line}`),
  ];
}

function databaseLines({ database }: Figures): string[] {
  if (database === undefined) return [];
  return ['', `PostgreSQL  ${databaseText(database)}`];
}

function scenarioLines({ scenarios }: Figures): string[] {
  if (scenarios.length === 0) return [];
  const rows = scenarios.map(({ name, orders, sagasPerSecond, cpuMsPerSaga, latency, cpuPercent }) => [
    name,
    whole(orders),
    sagasPerSecond === undefined ? '' : whole(sagasPerSecond),
    cpuMsPerSaga?.toFixed(2) ?? '',
    latency === undefined ? '' : `${ms(latency.p50Ms)}, ${ms(latency.p99Ms)}`,
    cpuPercent === undefined ? '' : `${cpuPercent.toFixed(1)} %`,
  ]);
  return [
    ...table(['scenario', 'orders', 'sagas/s', 'CPU-ms', 'p50, p99', 'of a core'], rows).map((line) => `  ${line}`),
    ...scenarios.flatMap((scenario) => [
      ...hotLines(scenario),
      ...backlogLines(scenario),
      ...growthLines(scenario.steps ?? []),
      ...(scenario.rush ? rushLines(scenario.rush) : []),
    ]),
    '',
  ];
}

function hotLines({ sagasPerSecond, manySagasPerSecond }: ScenarioFigures): string[] {
  if (sagasPerSecond === undefined || manySagasPerSecond === undefined) return [];
  const percent = ((100 * sagasPerSecond) / manySagasPerSecond).toFixed(0);
  return [
    '',
    `  hot: one product for all has ${percent} % of the rate of the same orders over many, right before: ` +
      `${whole(manySagasPerSecond)} sagas/s.`,
  ];
}

function backlogLines({ database }: ScenarioFigures): string[] {
  return database === undefined ? [] : ['', `  backlog: ${databaseText(database)}.`];
}

function databaseText({ transactionsPerSaga, walBytesPerSaga }: DatabaseCosts): string {
  return `${transactionsPerSaga.toFixed(3)} transactions and ${whole(walBytesPerSaga)} bytes of write-ahead log per saga`;
}

function growthLines(steps: readonly GrowthStep[]): string[] {
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) return [];
  const rows = steps.map(({ orders, sagasPerSecond, cpuMsPerSaga, megabytes }) => [
    whole(orders),
    whole(sagasPerSecond),
    cpuMsPerSaga?.toFixed(2) ?? '',
    megabytes ? whole(megabytes) : '',
  ]);
  const ratio = (100 * last.sagasPerSecond) / first.sagasPerSecond;
  return [
    '',
    ...table(['growth: orders', 'sagas/s', 'CPU-ms', 'MB of the services'], rows).map((line) => `  ${line}`),
    `  The rate of the largest is ${ratio.toFixed(0)} % of that of the smallest.`,
  ];
}

function rushLines({ requests, accepted, sentAway, megabytes }: Rush): string[] {
  const away = Object.entries(sentAway).map(([code, count]) => `, ${whole(count)} answered 503 ${code}`);
  const memory = megabytes && `; order had ${whole(megabytes.before)} MB before, and ${whole(megabytes.most)} at most`;
  return [
    '',
    `  rush: of ${whole(requests)} requests at once ${whole(accepted)} were accepted${away.join('')}${memory ?? ''}.`,
  ];
}

function processTable({ processes }: Costs): string[] {
  const rows = [...processes]
    .sort((a, b) => b.cpuMsPerSaga - a.cpuMsPerSaga)
    .map(({ name, cpuMsPerSaga, peakMegabytes }) => [name, cpuMsPerSaga.toFixed(3), whole(peakMegabytes)]);
  return table(['process', 'CPU-ms per saga', 'peak MB'], rows);
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const ms = (value: number): string => `${value.toFixed(0)} ms`;
