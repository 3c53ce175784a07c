import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/**
 * Every metric of this process. Whoever measures declares its metric beside its code, once, with
 * `registers: [metrics]`. Names are in Prometheus style (snake case, base units, `_total` for counters); label values
 * must be few: no ids.
 */
export const metrics: Registry = new Registry();

/** Seconds, from a millisecond to ten seconds: one scale for what is timed, so that it can be compared. */
export const SECONDS: readonly number[] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * How often the delay of the event loop is measured, in milliseconds: each time wakes the process, also when it has nothing
 * to do. The metric is the time between two of them, so it is never below this.
 */
const LOOP_DELAY_EVERY_MS = 1_000;

/** Also measures the process itself: event loop delay, memory, garbage collection, processor time. Call it once. */
export function measureProcess(service: string): void {
  metrics.setDefaultLabels({ service });
  collectDefaultMetrics({ register: metrics, eventLoopMonitoringPrecision: LOOP_DELAY_EVERY_MS });
}

/** A number for each value of one label: `gauge({ name: 'troupe_sagas_stuck', help: '…', label: 'at' })`. Declare it once. */
export function gauge({
  name,
  help,
  label,
}: {
  readonly name: string;
  readonly help: string;
  readonly label: string;
}): {
  set(of: string, value: number): void;
} {
  const measured = new Gauge({ name, help, labelNames: [label], registers: [metrics] });
  return { set: (of, value) => measured.set({ [label]: of }, value) };
}
