import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Every metric of this process. Names are in Prometheus style; label values must be few: no ids. */
export const metrics: Registry = new Registry();

/** Seconds, from a millisecond to ten seconds: one scale for what is timed, so that it can be compared. */
export const SECONDS: readonly number[] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** How often the delay of the event loop is measured. Each time wakes the process; the metric is never below this. */
const LOOP_DELAY_EVERY_MS = 1_000;

/** Also measures the process itself: event loop delay, memory, garbage collection, processor time. Call it once. */
export function measureProcess(service: string): void {
  metrics.setDefaultLabels({ service });
  collectDefaultMetrics({ register: metrics, eventLoopMonitoringPrecision: LOOP_DELAY_EVERY_MS });
}

interface Measured<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Label[];
}

/** `counter({ name: 'troupe_consumer_restarts_total', help: '…' })`. Declare it once. */
export const counter = <Label extends string = never>({ name, help, labels = [] }: Measured<Label>): Counter<Label> =>
  new Counter({ name, help, labelNames: [...labels], registers: [metrics] });

/** A level, by labels. Declare it once. */
export const level = <Label extends string = never>({ name, help, labels = [] }: Measured<Label>): Gauge<Label> =>
  new Gauge({ name, help, labelNames: [...labels], registers: [metrics] });

/** How often a number lay in which bucket. Declare it once. */
export const histogram = <Label extends string = never>({
  name,
  help,
  labels = [],
  buckets,
}: Measured<Label> & { readonly buckets: readonly number[] }): Histogram<Label> =>
  new Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers: [metrics] });

/** A number for each value of one label: `gauge({ name: 'troupe_sagas_stuck', help: '…', label: 'at' })`. Declare it once. */
export function gauge({ name, help, label }: { readonly name: string; readonly help: string; readonly label: string }) {
  const measured = level({ name, help, labels: [label] });
  return { set: (of: string, value: number): void => measured.set({ [label]: of }, value) };
}
