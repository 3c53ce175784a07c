import { serviceNames } from '@troupe/embedded';
import { table } from '../terminal/table.ts';
import type { Comparison, StyleFigures } from './compare.ts';
import { styles } from './orders.ts';
import { wordsText } from './readiness-words.ts';

/** The two styles side by side. */
export function report(comparison: Comparison): string[] {
  const row = (title: string, of: (figures: StyleFigures) => string): string[] => [
    title,
    ...styles.map((style) => of(comparison.styles[style])),
  ];
  const { awaySeconds, ordersPerSecond, processors, othersShare, node } = comparison;
  const { burst } = comparison.styles.choreographed;
  const endsOf = (of: (figures: StyleFigures) => Readonly<Record<string, number>>): string[] =>
    [...new Set(styles.flatMap((style) => Object.keys(of(comparison.styles[style]))))].sort();
  const rows = [
    row('events on the topics, per order', ({ costs }) => costs.events.toFixed(2)),
    ...serviceNames.map((service) => row(`  ${service}`, ({ costs }) => costs.eventsOf[service].toFixed(2))),
    row('HTTP requests between services, per order', ({ costs }) => costs.requests.toFixed(2)),
    row('SQL transactions, per order', ({ costs }) => costs.transactions.toFixed(1)),
    row('CPU-ms, per order', ({ costs }) => costs.cpuMs?.toFixed(1) ?? 'not measured'),
    row('from request to end, p50', ({ latency }) => ms(latency.p50Ms)),
    row('  p95', ({ latency }) => ms(latency.p95Ms)),
    row('  longest', ({ latency }) => ms(latency.maxMs)),
    row(`sagas per second, ${burst.inFlight} in flight`, (figures) => figures.burst.sagasPerSecond.toFixed(0)),
    row('  CPU-ms, per order', (figures) => figures.burst.cpuMs?.toFixed(1) ?? 'not measured'),
    row('what the customers see, orders', ({ orders }) => String(orders)),
    ...endsOf(({ ends }) => ends).map((end) => row(`  ${end}`, ({ ends }) => String(ends[end] ?? 0))),
    row(`inventory away for ${awaySeconds} s, orders`, ({ outage }) => String(outage.orders)),
    ...endsOf(({ outage }) => outage.ends).map((end) => row(`  ${end}`, ({ outage }) => String(outage.ends[end] ?? 0))),
    row('  from request to end, p50', ({ outage }) => seconds(outage.p50Ms)),
    row('  longest', ({ outage }) => seconds(outage.longestMs)),
    row('  /readyz of order', ({ outage }) => wordsText(outage.readiness)),
  ];
  return [
    '',
    ...table(['', ...styles], rows),
    '',
    `The same orders in both styles, ${ordersPerSecond} per second, in rounds that take turns; every order is at the end that it`,
    'had to come to, every customer was told once, and an audit of everything found nothing.',
    'Transactions and CPU are what an order costs more than a system that has nothing to do; with many in flight, all of it.',
    ...reasons(comparison),
    `${processors} processors, Node ${node}. The client runs on the same machine and is not counted.${others(othersShare)}`,
  ];
}

/** What order said while it was not ready. */
function reasons(comparison: Comparison): string[] {
  return styles.flatMap((style) => {
    const word = comparison.styles[style].outage.readiness.find(({ status }) => status !== 200);
    return word === undefined ? [] : [`/readyz of order, ${style}: ${word.reason}`];
  });
}

function others(share: number | undefined): string {
  return share === undefined ? '' : ` Other programs had ${Math.round(share * 100)} % of it meanwhile.`;
}

const ms = (value: number): string => `${value.toFixed(0)} ms`;
const seconds = (value: number): string => `${(value / 1_000).toFixed(1)} s`;
